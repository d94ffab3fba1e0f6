"""Single frames as calculations: what was computed, and what came out, in a few numbers each.

Two frames of one geometry, charge and field are one calculation; their labels must agree.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from .evidence import Labels
from .frames import FrameValues

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIGITS = 5  # of Å, to which positions and cells are compared
ENERGY_TOLERANCE = 1e-3  # eV; two runs of one calculation differ by less
LABEL_TOLERANCE = 1e-3  # of the label's unit, root mean square
_FREQUENCIES = (0.7, 1.9, 2.6)  # changes that one sum does not see, another does
Fingerprint = tuple[tuple[float, ...], int]


@attrs.frozen
class Calculation:
    """One frame.

    Attributes:
        frame: its number in the file.
        pbc: ``FFF``, ``TTF`` and the like.
        composition: atoms by atomic number.
        geometry: hash of elements, positions (in any order of the atoms), cell, periodicity, total charge,
            external field, spin and electronic temperature.
        energy: eV; None where there is none.
        fermi_level: V; None where there is none.
        labels: other labels by their file key, each as (sums over its components with fixed weights
            and their norm, how many).
        gaps: Å, the widest empty layer across each cell vector, images included; () without a cell.
    """

    frame: int
    pbc: str
    composition: Mapping[int, int]
    geometry: int
    energy: float | None = None
    fermi_level: float | None = None
    labels: Mapping[str, Fingerprint] = attrs.field(factory=dict)
    gaps: tuple[float, ...] = ()


@attrs.frozen
class Contradiction:
    """Two frames that are one calculation and have other labels.

    Attributes:
        first: the earlier frame.
        second: the later one.
        labels: file keys of the labels that differ.
        energy: by how many eV the energies differ.
    """

    first: int
    second: int
    labels: tuple[str, ...]
    energy: float = 0.0


def calculation_of(frame: FrameValues, labels: Labels) -> Calculation | None:
    """What is kept of a frame; None where it has no positions."""
    import numpy as np

    positions = frame.arrays.get("pos")
    if positions is None or positions.shape != (len(frame.numbers), 3):
        return None
    rows = _rounded(positions)
    order = np.lexsort((*rows.T, frame.numbers))
    numbers, counts = np.unique(frame.numbers, return_counts=True)
    return Calculation(
        frame.frame,
        frame.pbc,
        dict(zip(numbers.tolist(), counts.tolist(), strict=True)),
        _geometry(frame, labels, rows[order], order),
        _finite(frame.scalar(labels.energy or "")),
        _finite(frame.scalar(labels.fermi_level or "")),
        dict(_fingerprints(frame, labels, order)),
        _gaps(frame, positions),
    )


def contradictions(calculations: Iterable[Calculation]) -> Iterator[Contradiction]:
    """Every frame whose labels are others than those of the first frame of its geometry."""
    first: dict[int, Calculation] = {}
    for calculation in calculations:
        known = first.setdefault(calculation.geometry, calculation)
        found = contradiction(known, calculation) if known is not calculation else None
        if found is not None:
            yield found


def contradiction(one: Calculation, other: Calculation) -> Contradiction | None:
    """In which labels two frames of one geometry differ; None if they agree in all that both have."""
    both = sorted(set(one.labels) & set(other.labels))
    differing = [key for key in both if _differs(one.labels[key], other.labels[key])]
    gap = 0.0 if one.energy is None or other.energy is None else abs(one.energy - other.energy)
    energy = gap if gap > ENERGY_TOLERANCE else 0.0
    if not differing and not energy:
        return None
    return Contradiction(one.frame, other.frame, tuple(differing), energy)


def _geometry(frame: FrameValues, labels: Labels, rows: NDArray[np.int64], order: NDArray[np.int64]) -> int:
    conditions = (labels.total_charge, labels.external_field, labels.spin, labels.electronic_temperature)
    # A charge, a field of zero and none at all are the same calculation.
    given = [tuple(frame.info.get(key or "", ())) for key in conditions]
    told = [numbers if any(numbers) else () for numbers in given]
    cell = _rounded(frame.lattice).tobytes() if frame.lattice else b""
    whole = hashlib.sha1(frame.numbers[order].tobytes() + rows.tobytes() + cell, usedforsecurity=False)
    whole.update(repr((frame.pbc, told)).encode())
    return int.from_bytes(whole.digest()[:8], "big")


def _gaps(frame: FrameValues, positions: NDArray[np.float64]) -> tuple[float, ...]:
    """Atoms of a molecule may lie outside its box; those of a periodic frame are as good as wrapped."""
    import numpy as np

    if not frame.volume or not len(positions) or not np.isfinite(positions).all():
        return ()
    if not np.isfinite(frame.lattice).all() or max(np.abs(positions).max(), frame.volume) > 1e9:
        return ()  # no frame of matter
    inverse = np.linalg.inv(np.asarray(frame.lattice, dtype=np.float64).reshape(3, 3))
    heights = 1.0 / np.linalg.norm(inverse, axis=0)
    places = positions @ inverse
    if frame.isolated:
        widths = 1.0 - (places.max(axis=0) - places.min(axis=0))
    else:
        ordered = np.sort(places % 1.0, axis=0)
        widths = np.diff(ordered, axis=0, append=ordered[:1] + 1.0).max(axis=0)
    return tuple((widths * heights).tolist())


def _rounded(numbers: object) -> NDArray[np.int64]:
    import numpy as np

    within = np.clip(np.nan_to_num(np.asarray(numbers, dtype=np.float64)), -9e12, 9e12)
    rounded: NDArray[np.int64] = np.rint(within * 10.0**DIGITS).astype(np.int64)
    return rounded


def _fingerprints(
    frame: FrameValues, labels: Labels, order: NDArray[np.int64]
) -> Iterator[tuple[str, Fingerprint]]:
    """Labels as a few numbers each, which change when any component does."""
    import numpy as np

    for key in (labels.forces, labels.multipoles):
        column = frame.arrays.get(key or "")
        if key is not None and column is not None and len(column) == len(order):
            yield key, _fingerprint(column[order])
    for key in (labels.stress, labels.dipole, labels.fermi_level):
        if key is not None and key in frame.info:
            yield key, _fingerprint(np.asarray(frame.info[key], dtype=np.float64))


def _fingerprint(numbers: NDArray[np.float64]) -> Fingerprint:
    import numpy as np

    flat = np.clip(numbers.ravel(), -1e150, 1e150)  # beyond, squares are no doubles
    waves = np.cos(np.outer(_FREQUENCIES, np.arange(len(flat))))
    return (*(waves @ flat).tolist(), math.sqrt(float(flat @ flat))), len(flat)


def _differs(one: Fingerprint, other: Fingerprint) -> bool:
    """NaN is told elsewhere and differs from nothing."""
    tolerance = LABEL_TOLERANCE * math.sqrt(max(one[1], 1))
    pairs = zip(one[0], other[0], strict=True)
    return one[1] != other[1] or any(abs(mine - theirs) > tolerance for mine, theirs in pairs)


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
