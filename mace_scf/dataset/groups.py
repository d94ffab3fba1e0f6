"""What groups of equal readings say of every frame of a batch: cells, texts, and a choice of frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .tokens import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

CELLS = ("none", "left", "singular", "right")


def cells(groups: Sequence[Group], size: int) -> tuple[Integers, NDArray[np.bool_], Integers, Floats]:
    """Of every frame: pbc flags as bits (x = 4), any of them, cell class (see ``CELLS``), volume in Å³."""
    import numpy as np

    shapes, volumes = np.zeros(size, dtype=np.int64), np.zeros(size)
    flags, stated = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    for group in groups:
        if group.key == "Lattice" and len(group.rows):
            rows = np.asarray(group.rows)
            determinants = _determinants(np.asarray(group.numbers, dtype=np.float64))
            shapes[rows] = 2 + np.sign(determinants).astype(np.int64)
            volumes[rows] = np.abs(determinants)
        elif group.key == "pbc" and group.numbers is not None and len(group.rows):
            bits = (np.asarray(group.numbers) != 0) @ ([7] if group.reading.shape == () else [4, 2, 1])
            flags[np.asarray(group.rows)] = bits
            stated[np.asarray(group.rows)] = True
    flags[~stated & (shapes > 0)] = 7
    return flags, flags > 0, shapes, volumes


def _determinants(lattices: Floats) -> Floats:
    """In the order of operations of :func:`.frame.cell_class`, so that both give the same bits."""
    a, b, c, d, e, f, g, h, i = lattices.T
    determinants: Floats = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return determinants


def texts_of(groups: Sequence[Group], key: str, size: int) -> list[str]:
    """The text of an entry in every frame, as the trainer would print it; `Default` where it is absent."""
    texts = ["Default"] * size
    for group in groups:
        if group.key == key:
            shown = (
                group.texts
                if group.texts is not None
                else [str(list(map(float, row))) for row in group.numbers]
            )
            for row, text in zip(group.rows, shown, strict=True):
                texts[row] = text[:80]
    return texts


def selected(groups: Sequence[Group], kept: list[int], size: int) -> list[Group]:
    """The groups over the kept frames only, which are numbered anew."""
    import attrs
    import numpy as np

    if len(kept) == size:
        return list(groups)
    place = np.full(size, -1)
    place[kept] = np.arange(len(kept))
    selected = []
    for group in groups:
        rows = place[np.asarray(group.rows, dtype=np.int64)]
        own = np.flatnonzero(rows >= 0)
        if own.size:
            numbers = None if group.numbers is None else np.asarray(group.numbers, dtype=np.float64)[own]
            texts = None if group.texts is None else [group.texts[position] for position in own.tolist()]
            selected.append(attrs.evolve(group, rows=rows[own], numbers=numbers, texts=texts))
    return selected
