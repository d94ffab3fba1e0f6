"""What an identity says about labels, and the labels that it looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import attrs

from .frames import FrameValues

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Status = Literal["holds", "violated", "not testable"]
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


def judged(name: str, found: Sequence[tuple[int, float, float]], missing: str, largest: str) -> Evidence:
    """From (frame, error, tolerance) of every testable frame; NaN breaks every tolerance."""
    if not found:
        return untestable(name, missing)
    bad = [frame for frame, error, tolerance in found if not error <= tolerance]
    return counted(name, len(found), bad, {largest: max(error for _, error, _ in found)})


def counted(name: str, tested: int, bad: Sequence[int], numbers: Mapping[str, float]) -> Evidence:
    """A verdict by the frames that break it."""
    status: Status = "violated" if bad else "holds"
    return Evidence(name, status, tested, len(bad), tuple(bad[:_EXAMPLES]), numbers)


def untestable(name: str, reason: str) -> Evidence:
    """No verdict, and why."""
    return Evidence(name, "not testable", reason=reason)


def first_of(frames: Sequence[FrameValues]) -> tuple[int, ...]:
    """Numbers of the first few frames."""
    return tuple(frame.frame for frame in frames[:_EXAMPLES])


def finite_array(frame: FrameValues, name: str | None) -> NDArray[np.float64] | None:
    """Numbers of one column, (N, ...); None where there is none, or one of them is NaN or infinite."""
    import numpy as np

    array = frame.arrays.get(name or "")
    return array if array is not None and bool(np.isfinite(array).all()) else None
