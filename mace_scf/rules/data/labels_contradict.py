"""D222: labels that contradict each other, or their frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import read_lines

if TYPE_CHECKING:
    from ...dataset.evidence import Evidence

# identity -> the label it speaks of, what is wrong, what comes of it, what to do
_TEXTS = {
    "charge-sum": (
        "atomic_multipoles", "atomic charges do not add up to the total charge",
        "terms on charges and on the total charge pull against each other",
        "check the total charge of these frames, and the first column of the multipoles",
    ),
    "formal-charge-sum": (
        "charges", "formal charges do not add up to the total charge",
        "models of formal charges keep their sum, so that these frames can never have their total charge",
        "check the total charge of these frames, and their formal charges: in the column, or by element",
    ),
    "net-force": (
        "forces", "forces do not add up to zero",
        "a model without a net force can never fit them",
        "converge the reference, or leave the forces of these frames out",
    ),
    "force-outliers": (
        "forces", "forces are beyond 50 eV/Å",
        "they carry much of a squared error; robust terms or a smaller weight help",
        "look at these frames: atoms that collide, another unit, a failed calculation",
    ),
    "dipole-identity": (
        "dipole", "dipoles are not Σ Q R + Σ d of the multipoles",
        "terms on dipoles and on multipoles pull against each other",
        "check units (e·Å) and the order Q, d_y, d_z, d_x of the columns",
    ),
    "slab-dipole": (
        "dipole", "dipoles across the vacuum are not Σ Q R + Σ d of the multipoles",
        "models take the positions as they are, so terms on dipoles and on multipoles pull against each other",
        "unwrap atoms along the axis that is not periodic; check units (e·Å) and the order of the columns",
    ),
    "multipole-order": (
        "atomic_multipoles", "multipoles are in another order, sign or unit than the dipole",
        "local dipoles are fitted along wrong axes, and nobody complains",
        "write the columns as Q, d_y, d_z, d_x, in e and e·Å",
    ),
    "stress-without-volume": (
        "stress", "isolated frames have a stress", "a stress without a volume means nothing, and is fitted",
        "leave it out, or write `config_stress_weight=0`",
    ),
    "stress-form": (
        "stress", "stresses are not symmetric, or beyond 1 eV/Å³",
        "they are fitted as they are",
        "check the order of the nine numbers and the unit: eV/Å³, tensile positive (1 eV/Å³ is 160 GPa)",
    ),
    "field-size": (
        "external_field", "external fields are beyond 5 V/Å, or lie along periodic directions",
        "the energy of a field along a periodic direction depends on the choice of the cell",
        "check the unit (V/Å) and the axis of the field",
    ),
    "periodic-dipole": (
        "dipole", "dipoles count along periodic directions", "such a dipole depends on the choice of the cell",
        'write 0 for periodic directions in `config_dipole_weight`: `"0 0 1"` for slabs, `"0 0 0"` for bulk',
    ),
    "charge-parity": (
        "total_spin", "charges and spins do not go with the number of electrons",
        "one of them is wrong", "check the total charge and the multiplicity of these frames",
    ),
    "integer-charge": (
        "total_charge", "isolated frames have a total charge that is no whole number",
        "it is fitted as it is", "check the total charge of these frames",
    ),
}  # fmt: skip
_UNITS = {
    "largest_error_e": ("largest error", "e"),
    "largest_fraction_e": ("furthest from a whole number", "e"),
    "largest_ev_per_angstrom": ("largest", "eV/Å"),
    "largest_ev_per_cubic_angstrom": ("largest asymmetry, or excess over 1 eV/Å³", "eV/Å³"),
    "largest_e_angstrom": ("largest difference", "e·Å"),
    "best_e_angstrom": ("mean difference with the best order", "e·Å"),
    "second_e_angstrom": ("with the second best", "e·Å"),
    "share_of_top_thousandth": ("share of the squared sum on a thousandth of the atoms", ""),
}


@final
class LabelsContradict(Rule):
    """Labels that contradict each other, or their frame.

    What it checks: with `--values`, what sound labels obey: charges add up to the total charge, and so do
    formal charges, from the data or by element; the dipole of an isolated frame is that of its multipoles, in
    their documented order, sign and unit, and so is that of a neutral slab along its vacuum; forces add up to
    zero and stay below 50 eV/Å; isolated frames have no stress and whole charges that go with their spin;
    a stress is symmetric and below 1 eV/Å³, an external field below 5 V/Å and not along periodic directions;
    dipoles do not count along periodic directions. Of each file, 2000 frames are tested, in 20 stretches spread
    over all of it.

    Why it matters: the trainer compares none of this. Terms that contradict each other cannot both become
    small, and a wrong unit or order is fitted like any number.

    How to fix: look at the frames that are named. What could not be tested is said in the report.
    """

    code, slug, severity = "D222", "labels-contradict", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each identity and file."""
        lines = {line.name: line for line in read_lines(context)}
        for split in context.data.splits:
            for evidence in context.data.evidence.get(split.name, ()):
                if evidence.status == "violated" and evidence.name in _TEXTS:
                    yield self._violated(context, lines, split, evidence)

    def _violated(
        self, context: Context, lines: dict[str, Mapped], split: Split, evidence: Evidence
    ) -> Diagnostic:
        label, phrase, when, advice = _TEXTS[evidence.name]
        place = _place(context, label, lines.get(label))
        frames = ", ".join(map(str, evidence.frames))
        return self.finding(
            f"{phrase} in {evidence.violations} of {evidence.tested} {split.name} frames",
            span=(place or split.setting).span,
            labels=split.setting.label("read from here") if place is not None else (),
            notes=(
                f"{evidence.name}: such as frame{'s' if len(evidence.frames) > 1 else ''} {frames} of {split.path}",
                *([evidence.reason] if evidence.reason else []), *_numbers(evidence),
            ),
            when=when, help=advice,
        )  # fmt: skip


def _place(context: Context, label: str, line: Mapped | None) -> Setting[Any] | None:
    """Where the label is mapped, or given by element."""
    if line is not None:
        return line.key
    by_element = context.run.option("atomic_formal_charges")
    return by_element if label == "charges" and by_element.given else None


def _numbers(evidence: Evidence) -> Iterator[str]:
    for name, value in evidence.numbers.items():
        words, unit = _UNITS.get(name, (name.replace("_", " "), ""))
        yield f"{words}: {value:.3g}{' ' + unit if unit else ''}"
