"""From the ``loss`` block of a config to checked terms: declared terms by the checker, registered ones here."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping

import attrs

from mace_scf.catalog.option import is_number
from mace_scf.checker import validate
from mace_scf.diagnostics import Diagnostic, Severity

from .problems import LossConfigError
from .settings import TermSpec
from .term import Term, registered_terms
from .terms import SHIPPED


@attrs.frozen
class CheckedTerm:
    """A registered term of a config that passed the checks."""

    name: str
    weight: float
    options: Mapping[str, object]


def checked_terms(loss: Mapping[str, object], compat: str | None = None) -> tuple[TermSpec, ...]:
    """Terms of a ``loss`` block.

    Args:
        loss: term name to weight, or to a mapping with ``weight`` and options.
        compat: ``"upstream"`` refuses what upstream's trainer would stumble over.

    Raises:
        LossConfigError: carries every finding.
    """
    own = _registered_here()
    if not isinstance(loss, Mapping):
        raise LossConfigError([_no_block(loss)])
    declared = {name: value for name, value in loss.items() if name not in own}
    stage = {"name": "loss", "loss": declared}
    report = validate({"train_schedule": {0: stage}}, trainer=compat or "engine", launcher=False, data=False)
    findings = list(report.at_least(Severity.ERROR)) if declared else []
    for name in loss.keys() & own.keys():
        findings += _findings(own[name], loss[name])
    if findings:
        raise LossConfigError(findings)
    specs: dict[str, TermSpec] = {spec.name: spec for spec in report.stages[0].terms} if declared else {}
    return tuple(specs.get(name) or _checked(name, value) for name, value in loss.items())


def _no_block(found: object) -> Diagnostic:
    what = f"a loss is a mapping from term to weight, such as {{'forces': 100.0}}, not {type(found).__name__}"
    if isinstance(found, str | os.PathLike):
        what += "; of a config file: LossEngine.from_stage(mace_scf.validate(path).stages[0])"
    return _finding("C110", "wrong-type", what)


def _registered_here() -> dict[str, Term]:
    shipped = {term.name for term in SHIPPED}
    return {name: term for name, term in registered_terms().items() if name not in shipped}


def _checked(name: str, value: object) -> TermSpec:
    if isinstance(value, Mapping):
        options = {str(key): each for key, each in value.items() if key != "weight"}
        return CheckedTerm(name, float(value["weight"]), options)
    return CheckedTerm(name, float(str(value)), {})


def _findings(term: Term, value: object) -> Iterator[Diagnostic]:
    given = dict(value) if isinstance(value, Mapping) else {"weight": value}
    weight = given.pop("weight", None)
    if not is_number(weight) or not math.isfinite(float(str(weight))) or float(str(weight)) < 0:
        yield _finding(
            "L103", "negative-weight", f"weight of `{term.name}` must be a finite number, 0 or more"
        )
    for option, chosen in given.items():
        if option not in term.options:
            yield _finding("L105", "unknown-option", f"`{term.name}` takes no option `{option}`")
        elif not _fits(chosen, term.options[option]):
            kind = type(term.options[option]).__name__
            yield _finding("L105", "unknown-option", f"`{option}` of `{term.name}` must be a {kind}")


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool):
        return isinstance(value, bool)
    return is_number(value) if isinstance(default, float) else isinstance(value, type(default))


def _finding(code: str, slug: str, message: str) -> Diagnostic:
    return Diagnostic(code, slug, Severity.ERROR, message)
