"""Where the committed schemas lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

_HERE = os.path.dirname(__file__)
_FOLDERS = (os.path.join(_HERE, "data"), os.path.normpath(os.path.join(_HERE, "..", "..", "schemas")))


def schema_name(trainer: str) -> str:
    """File name of the schema of a trainer version."""
    return "mace-scf.schema.json" if trainer == "upstream" else f"mace-scf.{trainer}.schema.json"


def schema_path(name: str) -> str | None:
    """Path of a shipped schema file, or None."""
    candidates = (os.path.join(folder, name) for folder in _FOLDERS)
    return next((path for path in candidates if os.path.isfile(path)), None)


def shipped_text(name: str) -> str:
    """A shipped schema file as it is.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    path = schema_path(name)
    if path is None:
        raise FileNotFoundError(name)
    with open(path, encoding="utf-8") as file:
        return file.read()


@cache
def shipped_schema(trainer: str) -> dict[str, Any] | None:
    """The committed schema of a trainer version, or None where there is none."""
    path = schema_path(schema_name(trainer))
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        schema: dict[str, Any] = json.load(file)
    return schema
