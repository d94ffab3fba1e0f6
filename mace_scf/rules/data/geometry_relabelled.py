"""D233: one geometry with two sets of labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import counted, verb

if TYPE_CHECKING:
    from ...dataset.calculations import Calculation, Contradiction


@final
class GeometryRelabelled(Rule):
    """One geometry with two sets of labels.

    What it checks: with `--values`, that no two frames with the same elements, positions (to 0.00001 Å, in any
    order of the atoms), cell, periodicity, total charge, external field, spin and electronic temperature have
    energies that differ by more than 1 meV, or other forces, multipoles, dipoles, stresses or Fermi levels:
    within a file, and between the training file and the others. Of each file, 2000 frames are compared, in 20
    stretches spread over all of it; frames that were turned or shifted count as others.

    Why it matters: no model can fit both. The loss has a floor that nobody can explain, and the one that is
    wrong is fitted as much as the right one. Mostly two levels of theory, or two settings of a calculation,
    were joined into one file.

    How to fix: keep the calculation that is meant; where both are, the label of one belongs under another key.
    """

    code, slug, severity = "D233", "geometry-relabelled", Severity.WARNING
    after = ("D114",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file, and one for each file that contradicts the training frames."""
        data = context.data
        looks = data.looks
        for split in data.splits:
            if split.name in looks:
                yield from self._within(split, looks[split.name].calculations)
                if split.name != "train" and "train" in looks and data.train is not None:
                    yield from self._between(
                        data.train, looks["train"].calculations, split, looks[split.name].calculations
                    )

    def _within(self, split: Split, calculations: tuple[Calculation, ...]) -> Iterator[Diagnostic]:
        from ...dataset.calculations import contradictions

        found = list(contradictions(calculations))
        if found:
            yield self.finding(
                f"{counted(len(found), 'frame')} of `{split.setting.name}` {verb(len(found), 'have', 'has')} the "
                "geometry of an earlier one, and other labels",
                span=split.setting.span, notes=tuple(_notes(found, split.path, split.path)),
                when="no model can fit both; nobody complains",
                help="keep the calculation that is meant",
            )  # fmt: skip

    def _between(
        self, train: Split, ours: tuple[Calculation, ...], split: Split, theirs: tuple[Calculation, ...]
    ) -> Iterator[Diagnostic]:
        from ...dataset.calculations import contradiction

        known = {calculation.geometry: calculation for calculation in reversed(ours)}
        pairs = ((known.get(other.geometry), other) for other in theirs)
        found = [one for first, second in pairs if first and (one := contradiction(first, second))]
        if found and train.path != split.path:
            yield self.finding(
                f"{counted(len(found), f'{split.name} frame')} {verb(len(found), 'have', 'has')} the geometry of a "
                "training frame, and other labels",
                span=split.setting.span, labels=train.setting.label(f"`{train.setting.name}`"),
                notes=tuple(_notes(found, train.path, split.path)),
                when=f"the errors of the {split.name} frames have a floor; nobody complains",
                help="keep the calculation that is meant, in one of the files",
            )  # fmt: skip


def _notes(found: list[Contradiction], first: str, second: str) -> Iterator[str]:
    worst = max(found, key=lambda one: one.energy)
    yield f"such as {first}, frame {worst.first}, and {second}, frame {worst.second}"
    if worst.energy:
        yield f"energies differ by up to {worst.energy:.4g} eV"
    if keys := sorted({key for one in found for key in one.labels}):
        yield f"they differ in {', '.join(f'`{key}`' for key in keys)}"
