"""Identities between dipoles, multipoles and positions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from .evidence import Evidence, Labels, finite_array, first_of, judged, untestable
from .frames import FrameValues

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTLY_PERIODIC = frozenset(
    flags for flags in map("".join, itertools.product("TF", repeat=3)) if len({*flags}) > 1
)
_DIPOLE_TOLERANCE = 0.1  # e·Å
_NEUTRAL = 1e-4  # e
_CLEAR_WINNER = 0.2  # best residual over second best, for the order of multipoles
_ENOUGH_FRAMES = 5
_DEBYE, _ATOMIC_DIPOLE = 4.80320, 1.0 / 0.529177  # 1 e·Å in debye and in e·a0
_ORDERS = tuple(map("".join, itertools.permutations("xyz")))
_DOCUMENTED_ORDER = "yzx"


def dipole_identity(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Dipole of isolated frames against Σ Q R + Σ d in the documented order [Q, d_y, d_z, d_x]."""
    found = [
        (frame.frame, _length(_dipole_residual(frame, labels, _DOCUMENTED_ORDER, 1.0)), _DIPOLE_TOLERANCE)
        for frame in _dipole_frames(frames, labels, frozenset({"FFF"}))
    ]
    return judged(
        "dipole-identity", found, "no isolated frames with a dipole and multipoles", "largest_e_angstrom"
    )


def slab_dipole(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """The same along the axes on which a neutral frame is not periodic; there no atom may be wrapped."""
    found = []
    for frame in _dipole_frames(frames, labels, PARTLY_PERIODIC):
        weights = frame.info.get(labels.dipole_weight, (1.0, 1.0, 1.0))
        axes = [axis for axis, flag in enumerate(frame.pbc) if flag == "F" and any(weights[axis : axis + 1])]
        if axes and abs(frame.scalar(labels.total_charge or "") or 0.0) < _NEUTRAL:
            residual = _dipole_residual(frame, labels, _DOCUMENTED_ORDER, 1.0)
            found.append((frame.frame, _length(residual[axes]), _DIPOLE_TOLERANCE))
    return judged(
        "slab-dipole", found, "no neutral frames with a dipole along a free axis and multipoles",
        "largest_e_angstrom",
    )  # fmt: skip


def multipole_order(frames: Sequence[FrameValues], labels: Labels) -> Evidence:
    """Which order, sign and unit of the multipoles makes the dipole identity hold best."""
    isolated = _dipole_frames(frames, labels, frozenset({"FFF"}))
    kept = [frame for frame in isolated if _width(frame, labels) >= 4]
    if len(kept) < _ENOUGH_FRAMES:
        return untestable(
            "multipole-order", f"{len(kept)} isolated frames with dipole and 4 columns, of {_ENOUGH_FRAMES}"
        )
    residuals = {
        (order, sign, unit): _mean_residual(kept, labels, order, sign * factor)
        for order in _ORDERS
        for sign in (1.0, -1.0)
        for unit, factor in (("e·Å", 1.0), ("D", 1.0 / _DEBYE), ("e·a0", 1.0 / _ATOMIC_DIPOLE))
    }
    (best, low), (_, second) = sorted(residuals.items(), key=lambda pair: pair[1])[:2]
    numbers = {"best_e_angstrom": low, "second_e_angstrom": second}
    if not math.isfinite(second) or second == 0.0 or low / second >= _CLEAR_WINNER:
        return attrs.evolve(untestable("multipole-order", "no order is clearly the best"), numbers=numbers)
    if best == (_DOCUMENTED_ORDER, 1.0, "e·Å"):
        return Evidence("multipole-order", "holds", len(kept), numbers=numbers)
    order, sign, unit = best
    columns = ", ".join(f"d_{axis}" for axis in order)
    reason = f"the labels fit order [Q, {columns}], sign {sign:+.0f}, dipole in {unit}"
    return Evidence("multipole-order", "violated", len(kept), len(kept), first_of(kept), numbers, reason)


def _dipole_frames(
    frames: Sequence[FrameValues], labels: Labels, boundaries: frozenset[str]
) -> list[FrameValues]:
    return [
        frame
        for frame in frames
        if frame.pbc in boundaries
        and len(frame.info.get(labels.dipole or "", ())) == 3
        and finite_array(frame, "pos") is not None
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


def _width(frame: FrameValues, labels: Labels) -> int:
    array = finite_array(frame, labels.multipoles)
    return 0 if array is None else int(array.shape[1])
