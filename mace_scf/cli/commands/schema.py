"""`mace-scf schema`: print the JSON Schema, or wire it into an editor."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from ...atomic import write_text
from ...errors import MaceScfError, UnreadableInputError
from ...schema.check import schema_for
from ...schema.files import schema_name, schema_path
from ..status import CLEAN, FINDINGS, USAGE
from ..trainer import add_trainer_arguments, chosen_trainer

_PATTERNS = ["*.mace-scf.yaml", "*.mace-scf.yml", "mace-scf/*.yaml"]


def run(words: Sequence[str]) -> int:
    """Print, or wire."""
    arguments = _parser().parse_args(words)
    try:
        trainer = chosen_trainer(arguments)
        if trainer is None:
            return FINDINGS
        schema = schema_for(trainer)
        if arguments.wire is None:
            sys.stdout.write(json.dumps(schema, ensure_ascii=False, indent=1) + "\n")
        else:
            _wire_vscode(trainer.name, schema, arguments.match or _PATTERNS)
    except MaceScfError as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    return CLEAN


def _wire_vscode(trainer: str, schema: dict[str, Any], patterns: list[str]) -> None:
    """Put the schema beside the settings, so that the folder works offline and on other machines."""
    folder = ".vscode"
    settings_path = os.path.join(folder, "settings.json")
    settings = _settings(settings_path)
    os.makedirs(folder, exist_ok=True)
    name = schema_name(trainer)
    write_text(os.path.join(folder, name), json.dumps(schema, ensure_ascii=False) + "\n")
    schemas = settings.setdefault("yaml.schemas", {})
    schemas[f"./{folder}/{name}"] = patterns
    write_text(settings_path, json.dumps(settings, ensure_ascii=False, indent=2) + "\n")
    _recommend_extension(os.path.join(folder, "extensions.json"))
    print(f"wrote {folder}/{name} and {settings_path}: {', '.join(patterns)}")
    print("for a file of another name, put this line first:")
    print(f"# yaml-language-server: $schema={schema_path(name) or f'./{folder}/{name}'}")


def _settings(path: str) -> dict[str, Any]:
    """Settings that are there already; a file with comments is not rewritten, since they would be lost."""
    if not os.path.exists(path):
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError) as error:
        raise UnreadableInputError(path, f"is no plain JSON, so it was left alone ({error})") from error
    if not isinstance(settings, dict) or not isinstance(settings.get("yaml.schemas", {}), dict):
        raise UnreadableInputError(path, "is no mapping of settings, so it was left alone")
    return settings


def _recommend_extension(path: str) -> None:
    if not os.path.exists(path):
        write_text(path, json.dumps({"recommendations": ["redhat.vscode-yaml"]}, indent=2) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf schema",
        description="The JSON Schema of a config: completion, hover and checks in editors.",
    )
    add = parser.add_argument
    add_trainer_arguments(parser)
    add("--wire", choices=("vscode",), help="write the schema and the settings of an editor into this folder")
    add("--match", action="append", metavar="GLOB", help="with --wire: files it applies to (can be repeated)")
    return parser
