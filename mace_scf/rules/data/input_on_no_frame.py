"""D203: a label that the model reads as input and that frames lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import rewrite
from ..rule import Context, Rule
from ._candidates import candidates, likely
from ._heads import Mapped
from ._labels import (
    Presence,
    counted,
    first_lacking,
    inputs_reading,
    is_findable,
    presences,
    read_lines,
    terms_reading,
)

_CHARGE = "total_charge"
_TOLD_ELSEWHERE = frozenset({"charges", "fermi_level"})  # D210 and D215


@final
class InputOnNoFrame(Rule):
    """A label that the model reads as input and that frames lack.

    What it checks: labels that the model takes as inputs, such as the multipoles in mode direct, external
    fields, total charges at constant charge, and start values of charge equilibration, are in every frame.

    Why it matters: zeros take the place of what is missing, whatever the weight. For a total charge or an
    external field that may be right, and is told for confirmation; multipoles of zero make the potential of
    no charges at all. Total charges that some frames have and others lack are a warning: the others count as
    neutral.

    How to fix: write the entry in every frame, or map the property to the key that the files have.
    """

    code, slug, severity = "D203", "input-on-no-frame", Severity.WARNING
    after = ("D105", "D201", "D202", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each input that is not in every frame."""
        for line in read_lines(context):
            if line.name in _TOLD_ELSEWHERE or terms_reading(context, line.name) or not is_findable(line):
                continue
            uses = inputs_reading(context, line.name)
            found = presences(context, line)
            lacking = [presence for presence in found if presence.missing]
            if uses and lacking:
                severity = _severity(line, found, certain=uses[0].certain)
                yield self._absent(context, line, lacking, uses[0].reason, severity)
            elif lacking and line.name == _CHARGE:
                near = _near(context, line, lacking)
                if near or any(presence.carried for presence in found):
                    yield self._unread(context, line, lacking, near)

    def _unread(self, context: Context, line: Mapped, lacking: list[Presence], near: list[str]) -> Diagnostic:
        """Charges in some frames only, or under another key, where nothing certain reads them."""
        missing = sum(presence.missing for presence in lacking)
        return self.finding(
            f"`{line.key.value}` is missing in {counted(missing, 'frame')}"
            + (", and others have it" if not near else ""),
            severity=Severity.INFO, span=line.key.span,
            labels=lacking[0].split.setting.label("they are read from here"),
            notes=("; ".join(presence.shown for presence in lacking), *first_lacking(lacking)),
            when="these frames count as neutral wherever a charge is read; nobody complains",
            help=f"did you mean `{near[0]}`?" if near else "write it in every frame, zeros too",
            suggestions=tuple(near),
            fix=rewrite(context, line.key.span, near[0], safe=False) if near else None,
        )  # fmt: skip

    def _absent(
        self, context: Context, line: Mapped, lacking: list[Presence], reason: str, severity: Severity
    ) -> Diagnostic:
        missing = sum(presence.missing for presence in lacking)
        best = _near(context, line, lacking)
        if best and line.name == _CHARGE:
            severity = max(severity, Severity.WARNING)  # the charges are there, under another key
        return self.finding(
            f"`{line.key.value}` is missing in {counted(missing, 'frame')}, and the model reads it",
            severity=severity, span=line.key.span,
            labels=lacking[0].split.setting.label("they are read from here"),
            notes=(
                *([reason] if reason else []),
                "; ".join(presence.shown for presence in lacking),
                *first_lacking(lacking),
            ),
            when="zeros take its place, and nobody complains",
            help=f"did you mean `{best[0]}`?" if best
            else "write it in every frame" + (", zeros too" if _zero_is_usual(line) else ""),
            suggestions=tuple(best), fix=rewrite(context, line.key.span, best[0], safe=False) if best else None,
        )  # fmt: skip


def _near(context: Context, line: Mapped, lacking: list[Presence]) -> list[str]:
    """Keys that may be meant, where no training frame has the mapped one."""
    if lacking[0].carried or line.quantity is None:
        return []
    return [candidate.key for candidate in likely(candidates(context, line, lacking[0].split))[:3]]


def _zero_is_usual(line: Mapped) -> bool:
    return line.name in (_CHARGE, "external_field")


def _severity(line: Mapped, found: list[Presence], *, certain: bool) -> Severity:
    if line.name == _CHARGE and any(presence.carried for presence in found):
        return Severity.WARNING  # who writes some charges writes zeros too
    if _zero_is_usual(line):
        return Severity.INFO
    return Severity.ERROR if certain else Severity.WARNING
