"""`mace-scf schema`: print a JSON Schema, or wire all of them into an editor."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from ...atomic import write_text
from ...catalog.trainer import Trainer
from ...editors import EDITORS, Change, Plan, Schema, plan
from ...errors import MaceScfError, UnreadableInputError
from ...inputs import read_text
from ...project.find import CARD_ENDINGS, PROJECT_FILE
from ...schema.check import schema_for
from ...schema.files import schema_name, shipped_text
from ..status import CLEAN, FINDINGS, USAGE
from ..trainer import add_trainer_arguments, chosen_selection

_CONFIGS = ("*.mace-scf.yaml", "*.mace-scf.yml", "mace-scf/*.yaml")
_CARDS = tuple(f"*{ending}" for ending in CARD_ENDINGS)
_EXTENSIONS = ("*.extension.yaml", "*.extension.yml")
_OTHERS = {"dataset-card": "dataset cards", "project": "project files", "extension": "extensions"}


def run(words: Sequence[str]) -> int:
    """Print, or wire."""
    arguments = _parser().parse_args(words)
    if (
        arguments.wire is None and arguments.of != "config"
    ):  # also for who mends a project file with its schema
        sys.stdout.write(shipped_text(f"{arguments.of}.schema.json"))
        return CLEAN
    try:
        selection = chosen_selection(arguments)
        if selection is None:
            return FINDINGS
        if arguments.wire is None:
            sys.stdout.write(json.dumps(schema_for(selection.trainer), ensure_ascii=False, indent=1) + "\n")
        else:
            schemas = tuple(_schemas(selection.trainer, selection.files, arguments))
            _carry_out(plan(arguments.wire, schemas, _existing), schemas, arguments)
    except MaceScfError as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    return CLEAN


def _schemas(trainer: Trainer, files: Sequence[str], arguments: argparse.Namespace) -> Iterator[Schema]:
    # VS Code has one schema for each trainer, as people look at its folder; language servers take no `+`
    name = schema_name(trainer.name).replace("+", "-") if arguments.wire == "vscode" else "config.schema.json"
    patterns = tuple(arguments.match or _CONFIGS)
    yield Schema("config", name, _compact(schema_for(trainer)), patterns, bool(arguments.match))
    own = [os.path.relpath(file).replace(os.sep, "/") for file in files]
    extensions = [file for file in own if _is_extension(file)]
    others = {"dataset-card": _CARDS, "project": (PROJECT_FILE,), "extension": (*_EXTENSIONS, *extensions)}
    for kind, globs in others.items():
        file = f"mace-scf.{kind}.schema.json" if arguments.wire == "vscode" else f"{kind}.schema.json"
        chosen = kind == "extension" and bool(extensions)
        yield Schema(kind, file, _compact(json.loads(shipped_text(f"{kind}.schema.json"))), globs, chosen)


def _is_extension(file: str) -> bool:
    """Of this folder, and no project file."""
    return (
        file.endswith((".yaml", ".yml"))
        and not file.startswith("..")
        and os.path.basename(file) != PROJECT_FILE
    )


def _compact(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False) + "\n"


def _existing(path: str) -> str | None:
    return read_text(path).text if os.path.exists(path) else None


# --- writing --------------------------------------------------------------------------------------


def _carry_out(wiring: Plan, schemas: Sequence[Schema], arguments: argparse.Namespace) -> None:
    changes = [change for change in (*wiring.schemas, *wiring.settings) if change.is_one]
    if arguments.diff:
        for change in wiring.settings:
            sys.stdout.writelines(_diff(change))
        for change in wiring.schemas:
            print(f"{'would write' if change.is_one else 'is as it should be:'} {change.path}")
        return
    for change in changes:
        _write(change)
    for change in wiring.settings:
        print(f"{'wrote' if change.is_one else 'nothing to change in'} {change.path}")
    for schema in schemas:
        print(f"  {schema.kind}: {', '.join(schema.patterns)}")
    if wiring.hint:
        print(wiring.hint)
    shown = f"./{wiring.schemas[0].path}"
    print("for a config of another name, put one of these lines first, with the path seen from its folder:")
    print(f"# yaml-language-server: $schema={shown}\n# $schema: {shown}  (JetBrains)")


def _write(change: Change) -> None:
    target = os.path.realpath(change.path)
    try:
        os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        write_text(target, change.after)
    except OSError as error:
        raise UnreadableInputError(change.path, error.strerror or str(error)) from error


def _diff(change: Change) -> Iterator[str]:
    lines = difflib.unified_diff(
        (change.before or "").splitlines(keepends=True), change.after.splitlines(keepends=True),
        change.path, f"{change.path} (wired)",
    )  # fmt: skip
    yield from (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf schema",
        description="JSON Schemas of configs, cards, project files and extensions: completion, hover and checks "
        "in editors.",
    )
    add = parser.add_argument
    add_trainer_arguments(parser)
    add(
        "--of", choices=("config", *_OTHERS), default="config", help="which schema to print (default: config)"
    )
    add(
        "--wire",
        choices=tuple(EDITORS),
        help="write all schemas and the settings of an editor into this folder; what is there stays",
    )
    add("--match", action="append", metavar="GLOB", help="with --wire: names of configs (can be repeated)")
    add("--diff", action="store_true", help="with --wire: show what would change, and change nothing")
    return parser
