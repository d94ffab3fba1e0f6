"""D211: atomic energies that the data do not support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ..data_facts import Split
from ..helpers import whole_value
from ..rule import Context, Rule
from ._elements import first_with, shown, table_of
from ._heads import Mapped
from ._labels import counted, first_lacking, is_findable, is_rewritten, presence, read_line, verb

if TYPE_CHECKING:
    from ...dataset.facts import IsolatedAtom


@final
class E0sCoverage(Rule):
    """Atomic energies that the data do not support.

    What it checks: every element of the training and validation frames gets an atomic energy. Frames of one
    atom and type IsolatedAtom in the training file come first; `E0s` counts only where there are none: a
    mapping must name all elements, and `average` fits them to the energies of all training frames.

    Why it matters: an element without energy is a KeyError while the data are loaded, and isolated atoms of
    some elements switch `E0s` off for the others. One frame without an energy makes every fitted energy
    NaN, and the run trains on NaN without a word. Where the compositions are not independent (always H₂O),
    the fit is exact for their sums and arbitrary for each element.

    How to fix: give `E0s` as a mapping for all elements; take incomplete isolated atoms out of the file.
    """

    code, slug, severity = "D211", "e0s-coverage", Severity.ERROR
    after = ("C141", "C110", "C125")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding: about isolated atoms, the mapping, or the fit."""
        setting, elements = context.run.option("E0s"), table_of(context)
        train = context.data.train
        if elements is None or train is None or not train.knows_isolated_atoms:
            return
        if train.profile.isolated:
            yield from self._isolated(context, setting, train, set(elements))
        elif setting.known and setting.value is None and not train.is_card:
            yield self._nothing(setting, train)
        elif setting.known and isinstance(setting.value, dict):
            yield from self._mapping(context, setting, train, set(elements))
        elif setting.known and str(setting.value).lower() == "average":
            yield from self._average(context, setting, train)

    def _isolated(
        self, context: Context, setting: Setting[object], train: Split, elements: set[int]
    ) -> Iterator[Diagnostic]:
        missing = elements - {atom.number for atom in train.profile.isolated}
        line = read_line(context, "energy")
        place = setting if setting.given else train.setting
        if missing:
            yield self.finding(
                f"isolated atoms give no energy for {shown(missing)}, and switch `E0s` off", span=place.span,
                labels=train.setting.label("they are in here") if place is setting else (),
                notes=(f"{counted(len(train.profile.isolated), 'frame')} of type IsolatedAtom: "
                       f"{shown({atom.number for atom in train.profile.isolated})}",),
                when="the trainer stops with a KeyError when it loads the data",
                help="add an isolated atom for each of them, or take all of them out",
            )  # fmt: skip
        elif line is not None and is_findable(line) and train.declared is None:
            yield from self._periodic(place, train)
            bare = [atom for atom in train.profile.isolated if _counts_as_zero(atom, line)]
            if bare:
                yield self.finding(
                    f"{counted(len(bare), 'isolated atom')} without an energy that the trainer can find",
                    span=line.key.span,
                    severity=Severity.WARNING,
                    notes=(f"the first is {bare[0].place.shown}, {shown([bare[0].number])}",),
                    when="its energy counts as 0 eV; the trainer warns and goes on",
                    help="write the energy of every frame of type IsolatedAtom under a key such as `REF_energy`",
                )  # fmt: skip

    def _periodic(self, place: Setting[Any], train: Split) -> Iterator[Diagnostic]:
        """One atom in each cell of a crystal is no isolated atom."""
        crystals = [atom for atom in train.profile.isolated if "T" in atom.pbc]
        if crystals:
            first = crystals[0]
            yield self.finding(
                f"{counted(len(crystals), 'frame')} of type IsolatedAtom {verb(len(crystals), 'are', 'is')} periodic",
                span=place.span, severity=Severity.WARNING,
                labels=train.setting.label("they are in here") if place is not train.setting else (),
                notes=(
                    f"{first.place.shown}, {shown([first.number])}, has pbc {first.pbc}; "
                    "a `Lattice` without `pbc` counts as TTT",
                ),
                when="the energy is taken for that of an isolated atom, whatever the size of its cell",
                help='write `pbc="F F F"`, or compute the atom in a large box',
            )  # fmt: skip

    def _nothing(self, setting: Setting[object], train: Split) -> Diagnostic:
        return self.finding(
            "no `E0s`, and no isolated atoms in the training frames", span=setting.place or train.setting.span,
            labels=train.setting.label("no frame of one atom and type IsolatedAtom") if setting.place else (),
            notes=(f"looked for in {counted(train.profile.frames, 'training frame')}",),
            when="the trainer stops with a RuntimeError when it loads the data",
            help="give `E0s`, or add one frame of type IsolatedAtom for each element",
        )  # fmt: skip

    def _mapping(
        self, context: Context, setting: Setting[object], train: Split, elements: set[int]
    ) -> Iterator[Diagnostic]:
        assert isinstance(setting.value, dict)
        missing = elements - set(setting.value)
        if missing and all(isinstance(key, int) for key in setting.value):
            yield self.finding(
                f"`E0s` lacks {shown(missing)}", span=setting.place,
                labels=train.setting.label("elements are those of these frames"),
                notes=(
                    f"elements of the training and validation frames: {shown(elements)}",
                    *first_with(context, missing),
                ),
                when="the trainer stops with a KeyError when it loads the data",
                help="add the energies of the isolated atoms, in eV", fix=_fitted(context, setting, train),
            )  # fmt: skip

    def _average(self, context: Context, setting: Setting[object], train: Split) -> Iterator[Diagnostic]:
        line = read_line(context, "energy")
        found = presence(line, train) if line is not None and is_findable(line) else None
        if line is None or found is None or not found.carried:
            return
        if found.missing:
            yield self.finding(
                "`E0s: average` becomes NaN for every element", span=setting.span,
                labels=line.key.label("the energies"),
                notes=(
                    f"{counted(found.missing, 'training frame')} without `{line.key.value}`",
                    *first_lacking([found]),
                ),
                when="the run trains on NaN from the first batch, and nobody complains",
                help="give `E0s` as a mapping, or every frame an energy",
            )  # fmt: skip
            return
        equations = train.profile.energies.get(str(line.key.value))
        if equations is not None and equations.rank() < len(equations.elements):
            yield self.finding(
                "`E0s: average` cannot tell the elements apart", span=setting.span, severity=Severity.WARNING,
                labels=train.setting.label("the compositions of these frames"),
                notes=(f"{len(equations.elements)} elements ({shown(equations.elements)}), but only "
                       f"{equations.rank()} independent composition{'' if equations.rank() == 1 else 's'}",),
                when="energies of other compositions are off by arbitrary amounts; nobody complains",
                help="give `E0s` as a mapping from the energies of isolated atoms",
            )  # fmt: skip


def _fitted(context: Context, setting: Setting[object], train: Split) -> Fix | None:
    """The mean energies of the frames, where every frame has one and they tell the elements apart."""
    line = read_line(context, "energy")
    found = presence(line, train) if line is not None and is_findable(line) else None
    equations = None if line is None else train.profile.energies.get(str(line.key.value))
    if found is None or found.missing or equations is None or equations.rank() < len(equations.elements):
        return None
    edit = whole_value(context, setting.key_span, "average")
    return None if edit is None else Fix("write `E0s: average`", (edit,), safe=False)


def _counts_as_zero(atom: IsolatedAtom, line: Mapped) -> bool:
    """Its energy is not there, or stands under the reserved key, which is renamed before it is looked up."""
    key = str(line.key.value)
    return is_rewritten(line) or ("energy" in key.lower() and key not in {name for name, _ in atom.energies})
