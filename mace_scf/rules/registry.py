"""Every rule, in code order, and how a set of rules is run over a context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from ..diagnostics import Diagnostic, Span
from .rule import Context, Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of every rule, by code."""
    from . import config, data, launch, loss, model, schedule, scf

    families = (config, schedule, model, loss, data, scf, launch)
    rules = [rule() for family in families for rule in family.RULES]
    return tuple(sorted(rules, key=lambda rule: rule.code))


def rule_by_code(code: str) -> Rule | None:
    """The rule with that code or slug, whatever the case."""
    wanted = code.casefold()
    return next((rule for rule in all_rules() if wanted in (rule.code.casefold(), rule.slug)), None)


def run_rules(context: Context, wanted: Callable[[str], bool] = lambda code: True) -> tuple[Diagnostic, ...]:
    """Findings of every wanted rule; one cause gives one finding.

    A rule that yields to others (``after``) still runs when those are not wanted, but is
    silent wherever they found something, so that a selection never changes what a finding means.
    """
    found = [finding for rule in all_rules() for finding in rule.check(context)]
    found += context.structural  # every structural rule hands its own on; none may be lost without its rule
    kept = _without_followers(_once(found))
    return tuple(finding for finding in kept if wanted(finding.code))


def _once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One finding per code and place: what a rule says wins over what the schema says of the same."""
    best: dict[tuple[str, Span | None, str], Diagnostic] = {}
    for finding in findings:
        key = (finding.code, finding.span, "" if finding.span else finding.message)
        known = best.get(key)
        if known is None or len(finding.notes) + len(finding.when) > len(known.notes) + len(known.when):
            best[key] = finding
    return list(best.values())


def _without_followers(findings: list[Diagnostic]) -> Iterator[Diagnostic]:
    places: dict[tuple[str, str], list[Span]] = {}
    for finding in findings:
        if finding.span is not None:
            places.setdefault((finding.code, finding.span.file), []).append(finding.span)
    after = {rule.code: rule.after for rule in all_rules() if rule.after}
    for finding in findings:
        causes = after.get(finding.code, ())
        if not (causes and finding.span and any(_explained(finding.span, code, places) for code in causes)):
            yield finding


def _explained(span: Span, code: str, places: dict[tuple[str, str], list[Span]]) -> bool:
    return any(other.covers(span) or span.covers(other) for other in places.get((code, span.file), ()))
