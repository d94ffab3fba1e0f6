"""D203: a label that the model reads as input and that frames lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
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

_TOLD_ELSEWHERE = frozenset({"charges", "fermi_level"})  # D210 and D215


@final
class InputOnNoFrame(Rule):
    """A label that the model reads as input and that frames lack.

    What it checks: labels that the model takes as inputs, such as the multipoles in mode direct, external
    fields, total charges at constant charge, and start values of charge equilibration, are in every frame.

    Why it matters: zeros take the place of what is missing, whatever the weight. For a total charge or an
    external field that may be right, and is told for confirmation; multipoles of zero make the potential of
    no charges at all.

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
            lacking = [presence for presence in presences(context, line) if presence.missing]
            if uses and lacking:
                yield self._absent(line, lacking, uses[0].reason, _severity(line, uses[0].certain))

    def _absent(self, line: Mapped, lacking: list[Presence], reason: str, severity: Severity) -> Diagnostic:
        missing = sum(presence.missing for presence in lacking)
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
            help="write it in every frame" + (", zeros too" if _zero_is_usual(line) else ""),
        )  # fmt: skip


def _zero_is_usual(line: Mapped) -> bool:
    return line.name in ("total_charge", "external_field")


def _severity(line: Mapped, certain: bool) -> Severity:
    if _zero_is_usual(line):
        return Severity.INFO
    return Severity.ERROR if certain else Severity.WARNING
