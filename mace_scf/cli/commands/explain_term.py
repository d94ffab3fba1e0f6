"""`mace-scf explain-term TERM`: what a loss term compares and needs, and which models serve it."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from ...catalog.option import Option
from ...catalog.quantity import Quantity
from ...catalog.registry import trainers
from ...catalog.suggest import suggest
from ...catalog.term import Term
from ...catalog.trainer import Trainer
from ...config.values import expectation
from ...errors import MaceScfError
from ...render.term_page import term_page, trainers_with
from ..status import CLEAN, FINDINGS, USAGE
from ..trainer import add_trainer_arguments, chosen_trainer
from .capabilities import services

_WIDTH = 100  # a wider terminal does not make the lines longer
_FEW = 4  # more names are no hint


def run(words: Sequence[str]) -> int:
    """Print what is known of one term."""
    arguments = _parser().parse_args(words)
    try:
        asked = chosen_trainer(arguments)
    except MaceScfError as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    if asked is None:
        return FINDINGS
    trainer = _owner(arguments.term, asked)
    if trainer is None:
        return _unknown(arguments.term, asked)
    term = trainer.term_by_name[arguments.term]
    if arguments.json:
        print(json.dumps(_as_dict(term, trainer), ensure_ascii=False, indent=2))
    else:
        width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns)
        sys.stdout.write(term_page(term, trainer, width=width))
    return CLEAN


def _owner(name: str, asked: Trainer) -> Trainer | None:
    """The trainer asked for, or another version that has the term."""
    return next((version for version in (asked, *trainers()) if name in version.term_by_name), None)


def _holding(part: str, names: Iterable[str]) -> tuple[str, ...]:
    """Names of which a part was typed, as long as these are few."""
    found = tuple(name for name in names if part and part.casefold() in name)
    return found if len(found) <= _FEW else ()


def _unknown(name: str, asked: Trainer) -> int:
    names = dict.fromkeys(term.name for version in (*trainers(), asked) for term in version.terms)
    near = suggest(name, tuple(names)) or _holding(name, names)
    hint = f"did you mean {' or '.join(near)}?" if near else "`mace-scf capabilities` lists them"
    if re.fullmatch(r"[A-Za-z]\d{3}", name):
        hint = f"for the rule: `mace-scf explain {name}`"
    print(f"mace-scf: there is no loss term `{name}`; {hint}", file=sys.stderr)
    return USAGE


def _as_dict(term: Term, trainer: Trainer) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "name": term.name,
        "trainer": trainer.name,
        "trainers": trainers_with(term, trainer),
        "doc": term.doc,
        "formula": term.formula,
        "unit": term.unit,
        "per_atom": term.per_atom or None,
        "predictions": list(term.predictions),
        "labels": [_label_as_dict(trainer.quantity_by_name[name], trainer) for name in term.references],
        "weights": {"config_weight": term.config_weight, "property": term.weight_of or None},
        "options": [_option_as_dict(option) for option in term.options],
        "needs_an_option": term.form == "class" and not trainer.bare_class_terms,
        "gradient": term.gradient,
        "services": services(term, trainer),
        "note": term.note,
        "source": term.source,
    }


def _label_as_dict(quantity: Quantity, trainer: Trainer) -> dict[str, Any]:
    out = trainer.leaves_out_unlabelled
    return {
        "property": quantity.name, "map": quantity.container, "unit": quantity.unit,
        "recommended_key": quantity.safe_key,
        "unmapped": "left out" if out else _filled(quantity.unmapped),
        "absent": "left out" if out else _filled(quantity.absent),
    }  # fmt: skip


def _filled(found: tuple[float, float | None]) -> dict[str, float | None]:
    return {"value": found[0], "weight": found[1]}


def _option_as_dict(option: Option) -> dict[str, Any]:
    return {
        "name": option.name, "takes": expectation(option), "default": option.default,
        "unit": option.unit, "doc": option.doc,
    }  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf explain-term",
        description="What a loss term compares, needs and accepts, and which models serve it.",
    )
    add = parser.add_argument
    add("term", metavar="TERM", help="name of a loss term, such as forces")
    add_trainer_arguments(parser)
    add("--json", action="store_true", help="everything, for machines")
    return parser
