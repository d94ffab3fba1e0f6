"""D202: a label that some frames lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import (
    MOLECULES,
    Presence,
    counted,
    first_lacking,
    ignoring_weight,
    is_findable,
    is_refused,
    is_rewritten,
    listed,
    presences,
    read_lines,
    terms_reading,
    verb,
)


@final
class LabelOnSomeFrames(Rule):
    """A label that some frames lack.

    What it checks: in how many frames of each split a label is that a loss term reads.

    Why it matters: a frame without the label has zeros in its place and weight 0, so most terms pass it
    over: that is how mixed data are meant to work, and the counts are told for confirmation. Three cases are
    errors. Terms that look at no weight of the label (Fermi level, total charge) fit these frames to zero.
    Labels under the literal keys `energy`, `forces` and `stress` keep weight 1. A split without the label at
    all has an error of nothing.

    How to fix: label all frames; or take the frames without the label out, or the term.
    """

    code, slug, severity = "D202", "label-on-some-frames", Severity.INFO
    after = ("D105", "D201", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each label that is not everywhere, with the counts of every split."""
        for line in read_lines(context):
            if not terms_reading(context, line.name) or not is_findable(line):
                continue
            found = presences(context, line)
            if any(presence.missing for presence in found) and any(presence.carried for presence in found):
                yield self._partial(context, line, found)

    def _partial(self, context: Context, line: Mapped, found: list[Presence]) -> Diagnostic:
        lacking = [presence for presence in found if presence.missing]
        missing = sum(presence.missing for presence in lacking)
        fitted = ignoring_weight(context, line.name)
        return self.finding(
            f"`{line.key.value}` is missing in {counted(missing, 'frame')}", span=line.key.span,
            severity=_severity(context, line, found, bool(fitted)),
            labels=lacking[0].split.setting.label("they are read from here"),
            notes=(
                f"read by {listed(terms_reading(context, line.name))}",
                "; ".join(presence.shown for presence in found),
                *first_lacking(lacking),
            ),
            when=_when(context, line, found),
            help=_help(line, bool(fitted)),
        )  # fmt: skip


def _severity(context: Context, line: Mapped, found: list[Presence], fitted: bool) -> Severity:
    if _refused(context, found):
        return Severity.ERROR
    train = [presence for presence in found if presence.split.name == "train"]
    if is_rewritten(line) or (fitted and any(presence.missing for presence in train)):
        return Severity.ERROR
    return Severity.WARNING if fitted or any(not presence.carried for presence in found) else Severity.INFO


def _refused(context: Context, found: list[Presence]) -> list[str]:
    """Splits that the trainer refuses as a whole."""
    return [entry.split.name for entry in found if not entry.carried and is_refused(context, entry.split)]


def _when(context: Context, line: Mapped, found: list[Presence]) -> str:
    refused = _refused(context, found)
    if refused:
        return f"the trainer stops when it loads the {refused[0]} file: no energy, no forces, no dipole in it"
    if line.name == MOLECULES:
        return "these frames count as one molecule each, and nobody complains"
    if is_rewritten(line):
        return "they are fitted to zeros with weight 1, and nobody complains"
    fitted = ignoring_weight(context, line.name)
    if fitted:
        return f"{listed(fitted)} {verb(len(fitted), 'fit')} them to zero, and nobody complains"
    empty = [presence.split.name for presence in found if not presence.carried]
    if empty:
        return f"the errors of the {' and '.join(empty)} frames say nothing about it"
    return "these frames have weight 0 in its terms, and all others count"


def _help(line: Mapped, fitted: bool) -> str:
    if is_rewritten(line):
        return f"rename the entries in the files to `REF_{line.key.value}`, and map that"
    if line.name == "total_charge":
        return "write the total charge of every frame, zeros too"
    return (
        "label all frames, or take those without out" if fitted else "label all frames, if that is not meant"
    )
