"""Cheap identities that sound labels obey, each with its evidence, or the reason why it cannot be tested.

Pure functions of frames. They only look: nothing is ever rewritten.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import attrs

from .frames import FrameValues

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Status = Literal["holds", "violated", "not testable"]
CHARGE_TOLERANCE = 1e-3  # e per √atom
FORCE_TOLERANCE = 1e-3  # eV/Å per atom
LARGE_FORCE = 50.0  # eV/Å; beyond, a fit to squares is pulled about
STRESS_TOLERANCE = 1e-3  # eV/Å³
LARGE_STRESS = 1.0  # eV/Å³
LARGE_FIELD = 5.0  # V/Å
_MIRRORED = ((1, 3), (2, 6), (5, 7))  # entries of a 3×3 matrix
DIPOLE_TOLERANCE = 0.1  # e·Å
INTEGER_TOLERANCE = 1e-4  # e
CLEAR_WINNER = 0.2  # best residual over second best, for the order of multipoles
ENOUGH_FRAMES = 5
TOP_SHARE = 1e-3
DEBYE, ATOMIC_DIPOLE = 4.80320, 1.0 / 0.529177  # 1 e·Å in debye and in e·a0
ORDERS = {"".join(order): order for order in itertools.permutations("xyz")}
DOCUMENTED_ORDER = "yzx"
PARTLY_PERIODIC = frozenset(
    flags for flags in map("".join, itertools.product("TF", repeat=3)) if len({*flags}) > 1
)
_EXAMPLES = 3


@attrs.frozen
class Evidence:
    """What one identity says about the data.

    Attributes:
        name: of the identity.
        status: ``violated`` is a reason for a warning.
        tested: frames looked at.
        violations: frames that break it.
        frames: the first of those.
        numbers: the measured facts, by name.
        reason: one phrase, also why it is not testable.
    """

    name: str
    status: Status
    tested: int = 0
    violations: int = 0
    frames: tuple[int, ...] = ()
    numbers: Mapping[str, float] = attrs.field(factory=dict)
    reason: str = ""


@attrs.frozen
class Labels:
    """Names of the labels in the files; ``None`` where there are none.

    Attributes:
        formal_charges: column of formal charges, where the run takes them from the data.
        formal_by_element: formal charge in e by atomic number, where it does not.
    """

    energy: str | None = None
    forces: str | None = None
    stress: str | None = None
    dipole: str | None = None
    multipoles: str | None = None
    total_charge: str | None = None
    spin: str | None = None
    external_field: str | None = None
    fermi_level: str | None = None
    electronic_temperature: str | None = None
    formal_charges: str | None = None
    formal_by_element: Mapping[int, float] = attrs.field(factory=dict)
    dipole_weight: str = "config_dipole_weight"
    stress_weight: str = "config_stress_weight"


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
    found = []
    for frame in frames:
        multipoles = _array(frame, labels.multipoles)
        if multipoles is not None and labels.total_charge is not None:
            total = frame.scalar(labels.total_charge)
            error = abs(float(multipoles[:, 0].sum()) - (0.0 if total is None else total))
            found.append((frame.frame, error, CHARGE_TOLERANCE * math.sqrt(len(multipoles))))
    return _judged("charge-sum", found, "no multipoles beside a total charge", "largest_error_e")


def formal_charge_sum(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Σ of the formal charges, which their models never change, against the total charge of the frame."""
    found = []
    for frame in frames:
        charges = _formal_charges(frame, labels)
        if charges is not None and labels.total_charge is not None:
            total = frame.scalar(labels.total_charge)
            error = abs(float(charges.sum()) - (0.0 if total is None else total))
            found.append((frame.frame, error, CHARGE_TOLERANCE * math.sqrt(len(charges))))
    return _judged("formal-charge-sum", found, "no formal charges beside a total charge", "largest_error_e")


def net_force(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """|Σ F| per atom; frames in an external field are left out."""
    found = []
    for frame in frames:
        forces = _array(frame, labels.forces)
        field = frame.info.get(labels.external_field or "", ())
        if forces is not None and forces.shape[1] == 3 and len(forces) > 1 and not any(field):
            error = math.sqrt(float((forces.sum(axis=0) ** 2).sum())) / len(forces)
            found.append((frame.frame, error, FORCE_TOLERANCE))
    return _judged(
        "net-force", found, "no forces on frames without an external field", "largest_ev_per_angstrom"
    )


def force_outliers(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Forces beyond ``LARGE_FORCE``, and the share of Σ F² that the largest thousandth of atoms carries."""
    import numpy as np

    kept = [(frame.frame, forces) for frame in frames if (forces := _array(frame, labels.forces)) is not None]
    if not kept:
        return _untestable("force-outliers", "no forces")
    squares = np.concatenate([(forces**2).sum(axis=1) for _, forces in kept])
    bad = [
        number for number, forces in kept if float((forces**2).sum(axis=1).max(initial=0.0)) > LARGE_FORCE**2
    ]
    top = max(1, int(len(squares) * TOP_SHARE))
    total = float(squares.sum())
    numbers = {
        "largest_ev_per_angstrom": math.sqrt(float(squares.max(initial=0.0))),
        "share_of_top_thousandth": float(np.sort(squares)[-top:].sum()) / total if total else 0.0,
    }
    return _counted("force-outliers", len(kept), bad, numbers)


def dipole_identity(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Dipole of isolated frames against Σ Q R + Σ d in the documented order [Q, d_y, d_z, d_x]."""
    found = [
        (frame.frame, _length(_dipole_residual(frame, labels, DOCUMENTED_ORDER, 1.0)), DIPOLE_TOLERANCE)
        for frame in _dipole_frames(frames, labels, frozenset({"FFF"}))
    ]
    return _judged(
        "dipole-identity", found, "no isolated frames with a dipole and multipoles", "largest_e_angstrom"
    )


def slab_dipole(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """The same along the axes on which a neutral frame is not periodic; there no atom may be wrapped."""
    found = []
    for frame in _dipole_frames(frames, labels, PARTLY_PERIODIC):
        weights = frame.info.get(labels.dipole_weight, (1.0, 1.0, 1.0))
        axes = [axis for axis, flag in enumerate(frame.pbc) if flag == "F" and any(weights[axis : axis + 1])]
        if axes and abs(frame.scalar(labels.total_charge or "") or 0.0) < INTEGER_TOLERANCE:
            residual = _dipole_residual(frame, labels, DOCUMENTED_ORDER, 1.0)
            found.append((frame.frame, _length(residual[axes]), DIPOLE_TOLERANCE))
    return _judged(
        "slab-dipole", found, "no neutral frames with a dipole along a free axis and multipoles",
        "largest_e_angstrom",
    )  # fmt: skip


def multipole_order(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Which order, sign and unit of the multipoles makes the dipole identity hold best."""
    isolated = _dipole_frames(frames, labels, frozenset({"FFF"}))
    kept = [frame for frame in isolated if _width(frame, labels) >= 4]
    if len(kept) < ENOUGH_FRAMES:
        return _untestable(
            "multipole-order", f"{len(kept)} isolated frames with dipole and 4 columns, of {ENOUGH_FRAMES}"
        )
    residuals = {
        (order, sign, unit): _mean_residual(kept, labels, order, sign * factor)
        for order in ORDERS
        for sign in (1.0, -1.0)
        for unit, factor in (("e·Å", 1.0), ("D", 1.0 / DEBYE), ("e·a0", 1.0 / ATOMIC_DIPOLE))
    }
    (best, low), (_, second) = sorted(residuals.items(), key=lambda pair: pair[1])[:2]
    numbers = {"best_e_angstrom": low, "second_e_angstrom": second}
    if not math.isfinite(second) or second == 0.0 or low / second >= CLEAR_WINNER:
        return attrs.evolve(_untestable("multipole-order", "no order is clearly the best"), numbers=numbers)
    if best == (DOCUMENTED_ORDER, 1.0, "e·Å"):
        return Evidence("multipole-order", "holds", len(kept), numbers=numbers)
    order, sign, unit = best
    columns = ", ".join(f"d_{axis}" for axis in order)
    reason = f"the labels fit order [Q, {columns}], sign {sign:+.0f}, dipole in {unit}"
    return Evidence("multipole-order", "violated", len(kept), len(kept), _first(kept), numbers, reason)


def stress_without_volume(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Stress on isolated frames means nothing, unless its weight is 0."""
    bad = [
        frame.frame
        for frame in frames
        if labels.stress in frame.info and frame.isolated and frame.scalar(labels.stress_weight) != 0.0
    ]
    tested = sum(labels.stress in frame.info for frame in frames)
    return (
        _counted("stress-without-volume", tested, bad, {})
        if tested
        else _untestable("stress-without-volume", "no stress")
    )


def stress_form(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """A stress of nine numbers is symmetric, and below 1 eV/Å³ (160 GPa) unless it has another unit."""
    found = []
    for frame in frames:
        numbers = frame.info.get(labels.stress or "", ())
        if len(numbers) in (6, 9):
            skew = max(abs(numbers[i] - numbers[j]) for i, j in _MIRRORED) if len(numbers) == 9 else 0.0
            excess = max(0.0, max(map(abs, numbers)) - LARGE_STRESS)
            found.append((frame.frame, max(skew, excess), STRESS_TOLERANCE))
    return _judged("stress-form", found, "no stress of six or nine numbers", "largest_ev_per_cubic_angstrom")


def field_size(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """An external field is below 5 V/Å and has no component along periodic directions."""
    bad, tested = [], 0
    for frame in frames:
        field = _field(frame, labels)
        if any(field):
            tested += 1
            along = any(flag == "T" and component for flag, component in zip(frame.pbc, field, strict=False))
            if along or not max(map(abs, field)) <= LARGE_FIELD:
                bad.append(frame.frame)
    return _counted("field-size", tested, bad, {})


def _field(frame: FrameValues, labels: Labels) -> tuple[float, ...]:
    return tuple(frame.info.get(labels.external_field or "", ()))


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
        _counted("periodic-dipole", len(kept), bad, {})
        if kept
        else _untestable("periodic-dipole", "no dipole")
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
        _counted("charge-parity", tested, bad, {})
        if tested
        else _untestable("charge-parity", "no spin beside a charge on isolated frames")
    )


def integer_charge(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """The total charge of an isolated frame is a whole number; of a periodic one it need not be."""
    found = []
    for frame in frames:
        charge = frame.scalar(labels.total_charge or "")
        if charge is not None and math.isfinite(charge) and frame.isolated:
            found.append((frame.frame, abs(charge - round(charge)), INTEGER_TOLERANCE))
    return _judged("integer-charge", found, "no total charge on isolated frames", "largest_fraction_e")


def _dipole_frames(
    frames: Sequence[FrameValues], labels: Labels, boundaries: frozenset[str]
) -> list[FrameValues]:
    return [
        frame
        for frame in frames
        if frame.pbc in boundaries
        and len(frame.info.get(labels.dipole or "", ())) == 3
        and _array(frame, "pos") is not None
        and all(map(math.isfinite, frame.info[labels.dipole or ""]))
        and _width(frame, labels) in (1, 4, 9)
    ]


def _dipole_residual(frame: FrameValues, labels: Labels, order: str, factor: float) -> NDArray[np.float64]:
    """Σ Q R + Σ d − factor·μ in e·Å, (3,)."""
    import numpy as np

    multipoles = frame.arrays[labels.multipoles or ""]
    total = multipoles[:, 0] @ frame.arrays["pos"]
    if multipoles.shape[1] >= 4:
        columns = [1 + order.index(axis) for axis in "xyz"]
        total = total + multipoles[:, columns].sum(axis=0)
    return np.asarray(total - factor * np.array(frame.info[labels.dipole or ""]))


def _length(residual: NDArray[np.float64]) -> float:
    """Length of the vector; of one component, its magnitude."""
    return math.sqrt(float((residual**2).sum()))


def _mean_residual(frames: Sequence[FrameValues], labels: Labels, order: str, factor: float) -> float:
    return sum(_length(_dipole_residual(frame, labels, order, factor)) for frame in frames) / len(frames)


def _formal_charges(frame: FrameValues, labels: Labels) -> NDArray[np.float64] | None:
    import numpy as np

    if labels.formal_charges is not None:
        return _array(frame, labels.formal_charges)
    by_element = labels.formal_by_element
    if not all(int(number) in by_element for number in frame.numbers):
        return None
    return np.array([by_element[int(number)] for number in frame.numbers])


def _array(frame: FrameValues, name: str | None) -> NDArray[np.float64] | None:
    import numpy as np

    array = frame.arrays.get(name or "")
    return array if array is not None and bool(np.isfinite(array).all()) else None


def _width(frame: FrameValues, labels: Labels) -> int:
    array = _array(frame, labels.multipoles)
    return 0 if array is None else int(array.shape[1])


def _judged(name: str, found: Sequence[tuple[int, float, float]], missing: str, largest: str) -> Evidence:
    """From (frame, error, tolerance) of every testable frame; NaN breaks every tolerance."""
    if not found:
        return _untestable(name, missing)
    bad = [frame for frame, error, tolerance in found if not error <= tolerance]
    return _counted(name, len(found), bad, {largest: max(error for _, error, _ in found)})


def _counted(name: str, tested: int, bad: Sequence[int], numbers: Mapping[str, float]) -> Evidence:
    status: Status = "violated" if bad else "holds"
    return Evidence(name, status, tested, len(bad), tuple(bad[:_EXAMPLES]), numbers)


def _untestable(name: str, reason: str) -> Evidence:
    return Evidence(name, "not testable", reason=reason)


def _first(frames: Sequence[FrameValues]) -> tuple[int, ...]:
    return tuple(frame.frame for frame in frames[:_EXAMPLES])
