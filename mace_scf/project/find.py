"""The project file of a folder: a few looks upwards, so that every start can afford it."""

from __future__ import annotations

import os

PROJECT_FILE = "mace-scf.yaml"
PYPROJECT = "pyproject.toml"
TABLE = "tool.mace-scf"
CARD_ENDINGS = (".dataset.yaml", ".dataset.yml")

_MAX_BYTES = 1_000_000


def find_project(directory: str) -> str | None:
    """Path of the nearest project file at or above a folder.

    The look upwards ends with the repository (the folder that holds ``.git``), the home folder, or the root.
    A ``pyproject.toml`` counts where it has a table ``[tool.mace-scf]``.
    """
    folder, home = os.path.abspath(directory), os.path.expanduser("~")
    while True:
        for name in (PROJECT_FILE, PYPROJECT):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (name == PROJECT_FILE or _has_table(path)):
                return _shown(path)
        parent = os.path.dirname(folder)
        if folder in (home, parent) or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _has_table(path: str) -> bool:
    """Seen in the bytes, so that nothing is parsed for the many that have none."""
    try:
        with open(path, "rb") as file:
            return f"[{TABLE}".encode() in file.read(_MAX_BYTES)
    except OSError:
        return False


def _shown(path: str) -> str:
    """As a user would write it from here."""
    here = os.path.abspath(os.curdir)
    return os.path.relpath(path, here) if path.startswith(os.path.join(here, "")) else path
