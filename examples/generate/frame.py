"""One labelled geometry, and how a list of them is written as extended XYZ without losing digits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from ase.data import chemical_symbols

# Positions are rounded to these decimals before they are labelled, so that the file holds them exactly.
POSITION_DECIMALS = 8


@dataclass(frozen=True)
class Frame:
    """A geometry with its labels.

    Args:
        numbers: atomic numbers, (n_atoms,).
        positions: Å, (n_atoms, 3).
        cell: Å, (3, 3), rows are the lattice vectors.
        periodic: one flag for all three axes, or one for each.
        info: what the comment line carries; numbers, arrays and words.
        columns: further columns of the atom lines, (n_atoms,) or (n_atoms, k).
    """

    numbers: np.ndarray
    positions: np.ndarray
    cell: np.ndarray
    periodic: bool | tuple[bool, bool, bool]
    info: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)


def write_frames(path: Path, frames: Iterable[Frame]) -> None:
    """ASE's own writer keeps 8 decimals; identities such as Σ q = total charge need more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(_frame_text(frame) for frame in frames), encoding="utf-8")


def _frame_text(frame: Frame) -> str:
    columns = {name: np.asarray(column) for name, column in frame.columns.items()}
    lines = [str(len(frame.numbers)), _comment(frame, columns)]
    for index, number in enumerate(frame.numbers):
        row = f"{chemical_symbols[number]:<2}" + _floats(frame.positions[index], "16.10f")
        row += "".join(_cells(column[index]) for column in columns.values())
        lines.append(row)
    return "\n".join(lines) + "\n"


def _comment(frame: Frame, columns: Mapping[str, np.ndarray]) -> str:
    kinds = [f"{name}:{_kind(column)}:{_width(column)}" for name, column in columns.items()]
    flags = np.broadcast_to(frame.periodic, 3)
    entries = [
        f'Lattice="{_numbers(frame.cell)}"',
        "Properties=" + ":".join(["species:S:1:pos:R:3", *kinds]),
        *(f"{key}={_value(value)}" for key, value in frame.info.items()),
        f'pbc="{" ".join("T" if flag else "F" for flag in flags)}"',
    ]
    return " ".join(entries)


def _kind(column: np.ndarray) -> str:
    return "I" if np.issubdtype(column.dtype, np.integer) else "R"


def _width(column: np.ndarray) -> int:
    return 1 if column.ndim == 1 else column.shape[1]


def _cells(value: np.ndarray) -> str:
    if np.issubdtype(value.dtype, np.integer):
        return "".join(f"{number:4d}" for number in np.atleast_1d(value))
    return _floats(np.atleast_1d(value), "17.12f")


def _floats(values: np.ndarray, width: str) -> str:
    # Adding zero turns −0.0 into 0.0.
    return "".join(f"{value + 0.0:{width}}" for value in values)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if np.ndim(value) == 0:
        return repr(float(value))
    return f'"{_numbers(np.asarray(value))}"'


def _numbers(values: np.ndarray) -> str:
    return " ".join(repr(round(float(value), 12) + 0.0) for value in values.ravel())
