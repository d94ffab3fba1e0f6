"""Irreps texts such as ``128x0e + 128x1o``, read as e3nn reads them."""

from __future__ import annotations

import attrs


@attrs.frozen
class Irrep:
    """One part: how many times, of which order, even or odd."""

    multiplicity: int
    order: int
    parity: int


def parse_irreps(text: str) -> tuple[Irrep, ...] | None:
    """The parts of an irreps text; None where it is none.

    >>> parse_irreps("16x0e + 1o")
    (Irrep(multiplicity=16, order=0, parity=1), Irrep(multiplicity=1, order=1, parity=-1))
    >>> parse_irreps("16x0") is None
    True
    """
    if not text.strip():
        return ()
    parts = [_part(part) for part in text.split("+")]
    return None if None in parts else tuple(part for part in parts if part is not None)


def _part(text: str) -> Irrep | None:
    count, times, irrep = text.rpartition("x")
    name = irrep.strip()
    try:
        multiplicity, order = int(count) if times else 1, int(name[:-1])
    except ValueError:
        return None
    parity = {"e": 1, "o": -1, "y": (-1) ** order}.get(name[-1])
    return None if parity is None or order < 0 or multiplicity < 0 else Irrep(multiplicity, order, parity)
