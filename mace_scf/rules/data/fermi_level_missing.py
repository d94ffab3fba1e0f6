"""D215: frames without the Fermi level that the mode reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import removal
from ..rule import Context, Rule
from ._candidates import candidates, likely, renamed
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

_LEVEL = "fermi_level"


@final
class FermiLevelMissing(Rule):
    """Frames without the Fermi level that the mode reads.

    What it checks: where a stage takes the reference Fermi level as an input (mode direct, a constant level
    from the data, start values from the data), every frame has one. And a mapped level is in one training
    frame at least, unless `fermi_level_offset` is given.

    Why it matters: a frame without it is computed at 0 V, silently. Where the property is mapped and no
    training frame carries it, the trainer stops with a ValueError before the model is built, for every model:
    it takes their mean.

    How to fix: write the level in every frame; where there is none, remove the mapping, or set
    `fermi_level_offset` and `initial_fermi_level: zero`.
    """

    code, slug, severity = "D215", "fermi-level-missing", Severity.ERROR
    after = ("D105", "D201", "D202", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        for line in read_lines(context):
            found = presences(context, line) if line.name == _LEVEL and is_findable(line) else []
            lacking = [entry for entry in found if entry.missing]
            if not lacking:
                continue
            if lacking[0].split.name == "train" and not lacking[0].carried and _mean_is_taken(context):
                yield self._nowhere(context, line, lacking)
            else:
                uses = [use for use in inputs_reading(context, _LEVEL) if not use.harmless]
                if uses:
                    yield self._read(line, lacking, uses[0].reason, uses[0].otherwise, uses[0].certain)

    def _nowhere(self, context: Context, line: Mapped, lacking: list[Presence]) -> Diagnostic:
        near = [candidate.key for candidate in likely(candidates(context, line, lacking[0].split))][:3]
        return self.finding(
            f"`{line.key.value}` is in none of the {lacking[0].frames} training frames", span=line.key.place,
            labels=lacking[0].split.setting.label("they are read from here"),
            notes=("`fermi_level_offset` is not given, so the mean over the training frames is taken",),
            when="the trainer stops before the model is built",
            help=f"did you mean `{near[0]}`?" if near
            else f"remove `{_LEVEL}` from `info_keys`, or write it in the files",
            suggestions=tuple(near),
            fix=renamed(context, line) or _unmapped(context, line),
        )  # fmt: skip

    def _read(
        self, line: Mapped, lacking: list[Presence], reason: str, otherwise: str, certain: bool
    ) -> Diagnostic:
        missing = sum(entry.missing for entry in lacking)
        return self.finding(
            f"`{line.key.value}` is missing in {counted(missing, 'frame')}, and a stage reads it",
            severity=Severity.ERROR if certain else Severity.WARNING, span=line.key.span,
            labels=lacking[0].split.setting.label("they are read from here"),
            notes=(reason, "; ".join(entry.shown for entry in lacking), *first_lacking(lacking)),
            when="these frames are computed from 0 V, and nobody complains",
            help=f"write the level in every frame{f', or {otherwise}' if otherwise else ''}",
        )  # fmt: skip


def _unmapped(context: Context, line: Mapped) -> Fix | None:
    """Without the label, where nothing reads it."""
    if terms_reading(context, _LEVEL) or any(True for _ in inputs_reading(context, _LEVEL)):
        return None
    shown = f"remove `{_LEVEL}` from `info_keys`"
    return removal(context, line.key.key_span, line.key.span, shown, safe=False)


def _mean_is_taken(context: Context) -> bool:
    offset = context.run.option("fermi_level_offset")
    return not offset.given and offset.known
