"""What groups of equal readings say of every frame of a batch: cells, texts, and a choice of frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .grouping import Group, part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

CELLS = ("none", "left", "singular", "right")


def cells(groups: Sequence[Group], size: int) -> tuple[Integers, Flags, Integers, Floats]:
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


def texts_of(groups: Sequence[Group], key: str, size: int) -> tuple[Integers, list[str]]:
    """The text of an entry in every frame, as the trainer would print it, as codes and what these mean.

    It is `Default` where the entry is absent.
    """
    import numpy as np

    codes, names = np.zeros(size, dtype=np.int64), ["Default"]
    for group in groups:
        if group.key == key:
            own, shown = _shown(group)
            codes[np.asarray(group.rows, dtype=np.int64)] = own + len(names)
            names += shown
    return codes, names


def _shown(group: Group) -> tuple[Integers, list[str]]:
    import numpy as np

    if group.codes is not None:
        used, codes = np.unique(group.codes, return_inverse=True)
        return codes, [group.names[code][:80] for code in used.tolist()]
    texts = [str(list(map(float, row)))[:80] for row in group.numbers]
    return np.arange(len(texts)), texts


def selected(groups: Sequence[Group], kept: Integers, size: int) -> list[Group]:
    """The groups over the kept frames only, which are numbered anew."""
    import numpy as np

    place = np.full(size, -1)
    place[kept] = np.arange(len(kept))
    chosen = []
    for group in groups:
        rows = place[np.asarray(group.rows, dtype=np.int64)]
        own = np.flatnonzero(rows >= 0)
        if own.size:
            chosen.append(part(group, own, rows))
    return chosen
