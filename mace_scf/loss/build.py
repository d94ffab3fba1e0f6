"""From the ``loss`` block of a config to checked terms; the one place that will ask the checker."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import attrs

from mace_scf.diagnostics import Diagnostic, Severity

from .problems import LossConfigError
from .term import Term, registered_terms


@attrs.frozen
class CheckedTerm:
    """A term of a config that passed the checks."""

    name: str
    weight: float
    options: Mapping[str, object]


def checked_terms(loss: Mapping[str, object], compat: str | None = None) -> tuple[CheckedTerm, ...]:
    """Terms of a ``loss`` block.

    Args:
        loss: term name to weight, or to a mapping with ``weight`` and options.
        compat: ``"upstream"`` refuses what upstream's trainer would stumble over.

    Raises:
        LossConfigError: carries every finding.
    """
    known = registered_terms()
    findings = [finding for name, value in loss.items() for finding in _findings(known, name, value, compat)]
    if findings:
        raise LossConfigError(findings)
    return tuple(_checked(name, value) for name, value in loss.items())


def _checked(name: str, value: object) -> CheckedTerm:
    if isinstance(value, Mapping):
        options = {str(key): each for key, each in value.items() if key != "weight"}
        return CheckedTerm(name, float(value["weight"]), options)
    return CheckedTerm(name, float(str(value)), {})


def _findings(
    known: Mapping[str, Term], name: str, value: object, compat: str | None
) -> Iterator[Diagnostic]:
    term = known.get(name)
    if term is None:
        yield _finding("L101", "unknown-term", f"`{name}` is not a loss term")
        return
    given = dict(value) if isinstance(value, Mapping) else {"weight": value}
    yield from _weight_findings(name, given.pop("weight", None))
    yield from _option_findings(term, given)
    if compat == "upstream" and term.is_class and not given:
        yield _finding(
            "L104", "class-without-options", f"`{name}` needs at least one option besides `weight`"
        )


def _weight_findings(name: str, weight: object) -> Iterator[Diagnostic]:
    is_number = isinstance(weight, int | float) and not isinstance(weight, bool)
    if not is_number or not math.isfinite(float(str(weight))) or float(str(weight)) < 0:
        yield _finding("L102", "bad-weight", f"weight of `{name}` must be a finite number, 0 or more")


def _option_findings(term: Term, given: Mapping[str, object]) -> Iterator[Diagnostic]:
    for option, value in given.items():
        if option not in term.options:
            yield _finding("L103", "unknown-option", f"`{term.name}` has no option `{option}`")
        elif not _fits(value, term.options[option]):
            kind = type(term.options[option]).__name__
            yield _finding("L105", "bad-option", f"`{option}` of `{term.name}` must be a {kind}")


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))


def _finding(code: str, slug: str, message: str) -> Diagnostic:
    return Diagnostic(code, slug, Severity.ERROR, message)
