"""Realistic extended-XYZ files for benchmarks and tests: large, small, and compact frames."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

ELEMENTS = ("H", "C", "N", "O", "S")
_ROOM = 15.0  # Å between the atoms of an isolated frame and their images
_PROTONS = {"H": 1, "C": 6, "N": 7, "O": 8, "S": 16}
_CHARGES = {"H": 0.2, "C": 0.05, "N": -0.3, "O": -0.4, "S": -0.1}
_ENERGIES = {"H": -13.6, "C": -1029.2, "N": -1485.3, "O": -2042.1, "S": -10831.1}


@attrs.define
class GeneratedFrame:
    """One frame before it is written; arrays are lists of rows."""

    symbols: list[str]
    positions: list[list[float]]
    forces: list[list[float]]
    multipoles: list[list[float]]
    info: dict[str, str]
    lattice: list[float]


def large_frames(seed: int = 0, *, atoms: tuple[int, int] = (20, 200)) -> Iterator[GeneratedFrame]:
    """Periodic and isolated frames with many labels, some of them missing, as a charge-aware set has them."""
    source = random.Random(seed)
    while True:
        frame = _frame(source, source.randint(*atoms), isolated=source.random() < 0.3)
        for key in ("REF_energy", "REF_stress", "REF_dipole"):
            if source.random() < 0.03:
                frame.info.pop(key, None)
        yield frame


def small_frames(seed: int = 0) -> Iterator[GeneratedFrame]:
    """Molecules of 2 to 30 atoms."""
    source = random.Random(seed)
    while True:
        yield _frame(source, source.randint(2, 30), isolated=True)


def clean_frames(seed: int = 0) -> Iterator[GeneratedFrame]:
    """Frames without any fault: every physics identity holds to the digits written."""
    source = random.Random(seed)
    while True:
        yield _frame(source, source.randint(3, 20), isolated=source.random() < 0.7)


def write_like_ase(
    path: Path,
    frames: Iterator[GeneratedFrame],
    *,
    megabytes: float,
    multipoles: bool = True,
    distinct: bool = False,
) -> int:
    """Write frames in ASE's fixed-width layout until the file has its size; how many.

    A few hundred frames come again and again; ``distinct`` ones differ in the decimals of their last number.
    """
    return _write(path, frames, megabytes, lambda frame: ase_text(frame, multipoles=multipoles), distinct)


def write_compact(path: Path, frames: Iterator[GeneratedFrame], *, megabytes: float) -> int:
    """Write frames with the shortest numbers and one blank between columns; how many."""
    return _write(path, frames, megabytes, compact_text)


def write_frames(path: Path, frames: list[GeneratedFrame]) -> None:
    """Write these frames in ASE's layout, multipoles included."""
    path.write_text("".join(ase_text(frame) for frame in frames))


def ase_text(frame: GeneratedFrame, *, multipoles: bool = True) -> str:
    """A frame in the layout of ``ase.io.write``: ``%-2s`` and ``%16.8f``."""
    names = "species:S:1:pos:R:3:REF_forces:R:3" + (":AIMS_atom_multipoles:R:4" if multipoles else "")
    rows = []
    for symbol, *parts in _rows(frame, multipoles=multipoles):
        rows.append(f"{symbol:<2} " + " ".join(f"{number:16.8f}" for part in parts for number in part))
    return _with_header(frame, names, rows)


def compact_text(frame: GeneratedFrame) -> str:
    """A frame with numbers as short as they can be read back."""
    rows = []
    for symbol, *parts in _rows(frame, multipoles=True):
        rows.append(symbol + " " + " ".join(repr(number) for part in parts for number in part))
    return _with_header(frame, "species:S:1:pos:R:3:REF_forces:R:3:AIMS_atom_multipoles:R:4", rows)


def dipole_of(frame: GeneratedFrame) -> list[float]:
    """Σ Q R + Σ d in e·Å, Cartesian; multipoles are [Q, d_y, d_z, d_x]."""
    total = [0.0, 0.0, 0.0]
    for position, (charge, along_y, along_z, along_x) in zip(frame.positions, frame.multipoles, strict=True):
        for axis, local in enumerate((along_x, along_y, along_z)):
            total[axis] += charge * position[axis] + local
    return total


def _rows(
    frame: GeneratedFrame, *, multipoles: bool
) -> Iterator[tuple[str, list[float], list[float], list[float]]]:
    for index, symbol in enumerate(frame.symbols):
        extra = frame.multipoles[index] if multipoles else []
        yield symbol, frame.positions[index], frame.forces[index], extra


def _with_header(frame: GeneratedFrame, names: str, rows: list[str]) -> str:
    lattice = f'Lattice="{_words(frame.lattice)}" ' if frame.lattice else ""
    info = " ".join(f"{key}={value}" for key, value in frame.info.items())
    return "\n".join([str(len(rows)), f"{lattice}Properties={names} {info}", *rows]) + "\n"


def _frame(source: random.Random, size: int, *, isolated: bool) -> GeneratedFrame:
    length = 30.0 if isolated else round((size * 10.0) ** (1 / 3), 3)
    symbols = sorted(source.choice(ELEMENTS) for _ in range(size))
    positions = [[round(source.uniform(0.0, length), 8) for _ in range(3)] for _ in range(size)]
    forces = _without_mean([[source.gauss(0.0, 0.8) for _ in range(3)] for _ in range(size)])
    charge = source.choice((0, 0, 0, 1, -1))
    multipoles = _multipoles(source, symbols, charge)
    energy = sum(_ENERGIES[symbol] for symbol in symbols) + source.gauss(0.0, 0.1) * size
    frame = GeneratedFrame(
        symbols, positions, forces, multipoles, {}, _lattice(length + _ROOM if isolated else length)
    )
    frame.info = _info(source, frame, energy, charge, isolated=isolated)
    return frame


def _info(
    source: random.Random, frame: GeneratedFrame, energy: float, charge: int, *, isolated: bool
) -> dict[str, str]:
    info = {"REF_energy": repr(energy)}
    if isolated:
        info["REF_dipole"] = f'"{_words(dipole_of(frame))}"'
        info["config_dipole_weight"] = '"1.0 1.0 1.0"'
    else:
        info["REF_stress"] = f'"{_words(_stress(source))}"'
    info["total_charge"] = str(charge)
    electrons = sum(_PROTONS[symbol] for symbol in frame.symbols) - charge
    info["total_spin"] = str(1 + electrons % 2)
    info["config_weight"] = "1.0"
    info["config_type"] = "cluster" if isolated else "bulk"
    info["pbc"] = '"F F F"' if isolated else '"T T T"'
    return info


def _multipoles(source: random.Random, symbols: list[str], charge: int) -> list[list[float]]:
    charges = [_CHARGES[symbol] + source.gauss(0.0, 0.02) for symbol in symbols]
    shift = (charge - sum(charges)) / len(charges)
    rounded = [round(value + shift, 8) for value in charges]
    rounded[-1] = round(charge - sum(rounded[:-1]), 8)
    return [[value, *(round(source.gauss(0.0, 0.05), 8) for _ in range(3))] for value in rounded]


def _without_mean(forces: list[list[float]]) -> list[list[float]]:
    means = [sum(row[axis] for row in forces) / len(forces) for axis in range(3)]
    return [[round(value - mean, 8) for value, mean in zip(row, means, strict=True)] for row in forces]


def _stress(source: random.Random) -> list[float]:
    xx, yy, zz, yz, xz, xy = (source.gauss(0.0, 0.01) for _ in range(6))
    return [xx, xy, xz, xy, yy, yz, xz, yz, zz]


def _lattice(length: float) -> list[float]:
    return [length, 0.0, 0.0, 0.0, length, 0.0, 0.0, 0.0, length]


def _words(numbers: list[float]) -> str:
    return " ".join(map(repr, numbers))


def _write(
    path: Path,
    frames: Iterator[GeneratedFrame],
    megabytes: float,
    text: Callable[[GeneratedFrame], str],
    distinct: bool = False,
) -> int:
    # Making every frame anew would take longer than any benchmark: a few hundred are repeated.
    texts = [text(frame) for frame, _ in zip(frames, range(400), strict=False)]
    written = count = 0
    with path.open("w") as stream:
        while written < megabytes * 1e6:
            own = texts[count % len(texts)]
            written += stream.write(f"{own[:-9]}{count:08d}\n" if distinct else own)
            count += 1
    return count
