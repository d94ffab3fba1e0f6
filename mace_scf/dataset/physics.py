"""Cheap identities that sound labels obey, each with its evidence, or the reason why it cannot be tested.

Pure functions of frames. They only look: nothing is ever rewritten.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from .dipoles import PARTLY_PERIODIC, dipole_identity, multipole_order, slab_dipole
from .evidence import Evidence, Labels, counted, finite_array, judged, untestable
from .frames import FrameValues

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHARGE_TOLERANCE = 1e-3  # e per √atom
_FORCE_TOLERANCE = 1e-3  # eV/Å per atom
_LARGE_FORCE = 50.0  # eV/Å; beyond, a fit to squares is pulled about
_STRESS_TOLERANCE = 1e-3  # eV/Å³
_LARGE_STRESS = 1.0  # eV/Å³
_LARGE_FIELD = 5.0  # V/Å
_INTEGER_TOLERANCE = 1e-4  # e
_TOP_SHARE = 1e-3
_MIRRORED = ((1, 3), (2, 6), (5, 7))  # entries of a 3×3 matrix


def check_all(frames: Iterable[FrameValues], labels: Labels) -> tuple[Evidence, ...]:
    """Every identity on the same frames, which are held in memory: give a sample of a large file."""
    import numpy as np

    kept = list(frames)
    checks = (
        charge_sum, dipole_identity, multipole_order, net_force, force_outliers, stress_without_volume,
        periodic_dipole, charge_parity, integer_charge,
    )  # fmt: skip
    # Of what few data have, formal charges, slabs and fields, nothing is said in the others.
    formal = (formal_charge_sum,) if labels.formal_charges or labels.formal_by_element else ()
    slabs = (slab_dipole,) if any(frame.pbc in PARTLY_PERIODIC for frame in kept) else ()
    stresses = (stress_form,) if any(labels.stress in frame.info for frame in kept) else ()
    fields = (field_size,) if any(any(_field(frame, labels)) for frame in kept) else ()
    with np.errstate(all="ignore"):  # numbers that no double can square break an identity, and are no news
        return tuple(check(kept, labels) for check in (*checks, *formal, *slabs, *stresses, *fields))


def charge_sum(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Σ of the atomic charges (first multipole) against the total charge of the frame."""

    def charges(frame: FrameValues) -> NDArray[np.float64] | None:
        multipoles = finite_array(frame, labels.multipoles)
        return None if multipoles is None else multipoles[:, 0]

    found = _against_total(frames, labels, charges)
    return judged("charge-sum", found, "no multipoles beside a total charge", "largest_error_e")


def formal_charge_sum(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Σ of the formal charges, which their models never change, against the total charge of the frame."""
    found = _against_total(frames, labels, lambda frame: _formal_charges(frame, labels))
    return judged("formal-charge-sum", found, "no formal charges beside a total charge", "largest_error_e")


def _against_total(
    frames: Sequence[FrameValues],
    labels: Labels,
    charges_of: Callable[[FrameValues], NDArray[np.float64] | None],
) -> list[tuple[int, float, float]]:
    """Frame, error and tolerance in e, where there are charges and a key of total charges; absent ones are 0."""
    found = []
    for frame in frames if labels.total_charge is not None else ():
        charges = charges_of(frame)
        if charges is not None:
            total = frame.scalar(labels.total_charge or "") or 0.0
            error = abs(float(charges.sum()) - total)
            found.append((frame.frame, error, _CHARGE_TOLERANCE * math.sqrt(len(charges))))
    return found


def net_force(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """|Σ F| per atom; frames in an external field are left out."""
    found = []
    for frame in frames:
        forces = finite_array(frame, labels.forces)
        field = frame.info.get(labels.external_field or "", ())
        if forces is not None and forces.shape[1] == 3 and len(forces) > 1 and not any(field):
            error = math.sqrt(float((forces.sum(axis=0) ** 2).sum())) / len(forces)
            found.append((frame.frame, error, _FORCE_TOLERANCE))
    return judged(
        "net-force", found, "no forces on frames without an external field", "largest_ev_per_angstrom"
    )


def force_outliers(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Forces beyond 50 eV/Å, and the share of Σ F² that the largest thousandth of atoms carries."""
    import numpy as np

    kept = [
        (frame.frame, forces)
        for frame in frames
        if (forces := finite_array(frame, labels.forces)) is not None
    ]
    if not kept:
        return untestable("force-outliers", "no forces")
    squares = np.concatenate([(forces**2).sum(axis=1) for _, forces in kept])
    bad = [
        number for number, forces in kept if float((forces**2).sum(axis=1).max(initial=0.0)) > _LARGE_FORCE**2
    ]
    top = max(1, int(len(squares) * _TOP_SHARE))
    total = float(squares.sum())
    numbers = {
        "largest_ev_per_angstrom": math.sqrt(float(squares.max(initial=0.0))),
        "share_of_top_thousandth": float(np.sort(squares)[-top:].sum()) / total if total else 0.0,
    }
    return counted("force-outliers", len(kept), bad, numbers)


def stress_without_volume(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Stress on isolated frames means nothing, unless its weight is 0."""
    bad = [
        frame.frame
        for frame in frames
        if labels.stress in frame.info and frame.isolated and frame.scalar(labels.stress_weight) != 0.0
    ]
    tested = sum(labels.stress in frame.info for frame in frames)
    return (
        counted("stress-without-volume", tested, bad, {})
        if tested
        else untestable("stress-without-volume", "no stress")
    )


def stress_form(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """A stress of nine numbers is symmetric, and below 1 eV/Å³ (160 GPa) unless it has another unit."""
    found = []
    for frame in frames:
        numbers = frame.info.get(labels.stress or "", ())
        if len(numbers) in (6, 9):
            skew = max(abs(numbers[i] - numbers[j]) for i, j in _MIRRORED) if len(numbers) == 9 else 0.0
            excess = max(0.0, max(map(abs, numbers)) - _LARGE_STRESS)
            found.append((frame.frame, max(skew, excess), _STRESS_TOLERANCE))
    return judged("stress-form", found, "no stress of six or nine numbers", "largest_ev_per_cubic_angstrom")


def field_size(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """An external field is below 5 V/Å and has no component along periodic directions."""
    bad, tested = [], 0
    for frame in frames:
        field = _field(frame, labels)
        if any(field):
            tested += 1
            along = any(flag == "T" and component for flag, component in zip(frame.pbc, field, strict=False))
            if along or not max(map(abs, field)) <= _LARGE_FIELD:
                bad.append(frame.frame)
    return counted("field-size", tested, bad, {})


def periodic_dipole(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """A dipole along a periodic direction depends on the origin, unless its weight there is 0."""
    kept = [frame for frame in frames if labels.dipole in frame.info]
    bad = [
        frame.frame
        for frame in kept
        for weights in [frame.info.get(labels.dipole_weight, (1.0, 1.0, 1.0))]
        if any(flag == "T" and weight != 0.0 for flag, weight in zip(frame.pbc, weights, strict=False))
    ]
    return (
        counted("periodic-dipole", len(kept), bad, {}) if kept else untestable("periodic-dipole", "no dipole")
    )


def charge_parity(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Electrons and the spin multiplicity 2S + 1 of an isolated frame cannot both be even or both be odd."""
    bad, tested = [], 0
    for frame in frames:
        charge = frame.scalar(labels.total_charge or "")
        spin = frame.scalar(labels.spin or "")
        if charge is None or spin is None or not math.isfinite(charge + spin):
            continue  # NaN is told by itself
        if frame.isolated and charge == round(charge):
            tested += 1
            electrons = int(frame.numbers.sum()) - round(charge)
            if spin != round(spin) or (electrons + round(spin)) % 2 == 0:
                bad.append(frame.frame)
    return (
        counted("charge-parity", tested, bad, {})
        if tested
        else untestable("charge-parity", "no spin beside a charge on isolated frames")
    )


def integer_charge(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """The total charge of an isolated frame is a whole number; of a periodic one it need not be."""
    found = []
    for frame in frames:
        charge = frame.scalar(labels.total_charge or "")
        if charge is not None and math.isfinite(charge) and frame.isolated:
            found.append((frame.frame, abs(charge - round(charge)), _INTEGER_TOLERANCE))
    return judged("integer-charge", found, "no total charge on isolated frames", "largest_fraction_e")


def _field(frame: FrameValues, labels: Labels) -> tuple[float, ...]:
    return tuple(frame.info.get(labels.external_field or "", ()))


def _formal_charges(frame: FrameValues, labels: Labels) -> NDArray[np.float64] | None:
    import numpy as np

    if labels.formal_charges is not None:
        return finite_array(frame, labels.formal_charges)
    by_element = labels.formal_by_element
    if not all(int(number) in by_element for number in frame.numbers):
        return None
    return np.array([by_element[int(number)] for number in frame.numbers])
