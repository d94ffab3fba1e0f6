"""`mace-scf capabilities`: loss terms by model and mode, what decides, and which terms are recommended."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from ...catalog.model import Model
from ...catalog.suggest import suggest
from ...catalog.term import Term
from ...catalog.trainer import Trainer
from ...errors import MaceScfError
from ...resolve.matrix import Cell, cell, columns
from ..status import CLEAN, FINDINGS, USAGE
from ..trainer import add_trainer_arguments, chosen_trainer


def run(words: Sequence[str]) -> int:
    """Print the matrix, whole or of one model."""
    arguments = _parser().parse_args(words)
    try:
        trainer = chosen_trainer(arguments)
    except MaceScfError as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    if trainer is None:
        return FINDINGS
    wanted = arguments.model or arguments.only
    models = _models(trainer, wanted)
    if not models:
        return _unknown_model(wanted, trainer)
    if arguments.json:
        print(json.dumps(_as_dict(trainer, models), ensure_ascii=False, indent=2))
    else:
        _print(trainer, models)
    return CLEAN


def _models(trainer: Trainer, name: str | None) -> tuple[Model, ...]:
    wanted = None if name is None else name.casefold()
    return tuple(model for model in trainer.models if wanted in (None, model.name.casefold()))


def _unknown_model(name: str, trainer: Trainer) -> int:
    names = tuple(trainer.model_by_name)
    near = suggest(name, names)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
    print(f"mace-scf: there is no model `{name}`; {hint}", file=sys.stderr)
    return USAGE


def _print(trainer: Trainer, models: Sequence[Model]) -> None:
    from ...render.console import PipedConsole
    from ...render.matrix import print_matrix

    print_matrix(PipedConsole(highlight=False), trainer, models)


def _as_dict(trainer: Trainer, models: Sequence[Model]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "trainer": trainer.name,
        "models": [_model_as_dict(model) for model in models],
        "terms": [_term_as_dict(term, trainer, models) for term in trainer.terms],
    }


def _model_as_dict(model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "doc": model.doc,
        "family": model.family,
        "modes": list(model.modes),
        "recommended": [
            {"stage": entry.stage, "terms": dict(entry.terms), "source": entry.source}
            for entry in model.recommended
        ],
    }


def _term_as_dict(term: Term, trainer: Trainer, models: Sequence[Model]) -> dict[str, Any]:
    return {"name": term.name, "doc": term.doc, "services": services(term, trainer, models)}


def services(term: Term, trainer: Trainer, models: Sequence[Model] | None = None) -> list[dict[str, Any]]:
    """What each model in each mode does for a term, JSON-safe."""
    return [_cell_as_dict(cell(term, column, trainer)) for column in columns(trainer, models=models)]


def _cell_as_dict(found: Cell) -> dict[str, Any]:
    return {
        "model": found.column.model.name,
        "mode": found.column.mode or None,
        "service": found.service.value,
        "conditions": [
            {"option": condition.option, "values": list(condition.values), "negated": condition.negated}
            for condition in found.conditions
        ],
        "note": found.note,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf capabilities",
        description="Loss terms by model and mode: what trains, with which option, and what only seems to.",
    )
    add = parser.add_argument
    add("only", nargs="?", metavar="MODEL", help="this model only")
    add("--model", metavar="MODEL", help="the same")
    add_trainer_arguments(parser)
    add("--json", action="store_true", help="everything, for machines")
    return parser
