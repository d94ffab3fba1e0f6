"""Every rule, in code order, and how a set of rules is run over a context."""

from __future__ import annotations

import importlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from types import ModuleType

import attrs

from ..diagnostics import Diagnostic, Span
from .rule import Context, Rule, StructuralRule


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of every rule, by code."""
    return tuple(sorted((rule() for rule in _classes()), key=lambda rule: rule.code))


def _classes() -> tuple[type[Rule], ...]:
    """From the one module that a wheel carries, else from their files."""
    try:
        compiled = importlib.import_module("._compiled", __package__)
    except ImportError:
        return tuple(rule for family in families() for rule in family.RULES)
    rules: tuple[type[Rule], ...] = compiled.RULES
    return rules


def families() -> tuple[ModuleType, ...]:
    """The lists of rules, each with its `RULES`."""
    from .config import family as config
    from .data import family as data
    from .extension import family as extension
    from .launch import family as launch
    from .loss import family as loss
    from .model import family as model
    from .scf import family as scf
    from .schedule import family as schedule

    return (config, schedule, model, loss, data, scf, launch, extension)


def rule_by_code(code: str) -> Rule | None:
    """The rule with that code or slug, whatever the case."""
    wanted = code.casefold()
    return next((rule for rule in all_rules() if wanted in (rule.code.casefold(), rule.slug)), None)


def run_rules(context: Context, wanted: Callable[[str], bool] = lambda code: True) -> tuple[Diagnostic, ...]:
    """Findings of every wanted rule; one cause gives one finding.

    A rule that yields to others (``after``) still runs when those are not wanted, but is
    silent wherever they found something, so that a selection never changes what a finding means.
    """
    found = [finding for rule in all_rules() for finding in _findings(rule, context)]
    told = {_place_of(finding) for finding in found}
    # every structural rule hands its own on; none may be lost without its rule
    found += [finding for finding in _once(context.structural) if _place_of(finding) not in told]
    return tuple(finding for finding in _without_followers(found) if wanted(finding.code))


def _findings(rule: Rule, context: Context) -> Iterable[Diagnostic]:
    """Schema and conversions may say the same of one place in two ways; a rule says of one place what differs.

    Two stages that share a loss by an alias would be told the same twice.
    """
    if isinstance(rule, StructuralRule):
        return _once(rule.check(context))
    first: dict[tuple[Span | None, str], Diagnostic] = {}
    for finding in rule.check(context):
        first.setdefault((finding.span, finding.message), finding)
    return first.values()


def _once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One finding per code and place: the one that says most."""
    best: dict[tuple[str, Span | None, str], Diagnostic] = {}
    for finding in findings:
        key = _place_of(finding)
        known = best.get(key)
        if known is None or len(finding.notes) + len(finding.when) > len(known.notes) + len(known.when):
            best[key] = finding
    return list(best.values())


def _place_of(finding: Diagnostic) -> tuple[str, Span | None, str]:
    return finding.code, finding.span, "" if finding.span else finding.message


def _without_followers(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    spans: dict[tuple[str, str], list[Span]] = {}
    findings = list(findings)
    for finding in findings:
        if finding.span is not None:
            spans.setdefault((finding.code, finding.span.file), []).append(finding.span)
    places = {key: _Places.of(found) for key, found in spans.items()}
    after = {rule.code: rule.after for rule in all_rules() if rule.after}
    for finding in findings:
        span = finding.span
        causes = () if span is None else after.get(finding.code, ())
        if span is None or not any(
            (code, span.file) in places and places[code, span.file].touch(span) for code in causes
        ):
            yield finding


@attrs.frozen
class _Places:
    """Where one code was found in one file, sorted, so that a place is compared with all of them at once.

    Attributes:
        starts: first positions, ascending.
        latest: for each, the last end among it and those before.
        earliest: for each, the first end among it and those behind.
    """

    starts: list[tuple[int, int]]
    latest: list[tuple[int, int]]
    earliest: list[tuple[int, int]]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> _Places:
        """Sort the places of one code."""
        ordered = sorted(spans, key=lambda span: span.start)
        ends = [span.end for span in ordered]
        return cls(
            [span.start for span in ordered],
            list(accumulate(ends, max)),
            list(accumulate(reversed(ends), min))[::-1],
        )

    def touch(self, span: Span) -> bool:
        """Whether one of the places covers the span, or the span one of them."""
        before, behind = bisect_right(self.starts, span.start), bisect_left(self.starts, span.start)
        covered = before > 0 and self.latest[before - 1] >= span.end
        covers = behind < len(self.starts) and self.earliest[behind] <= span.end
        return covered or covers
