"""Atom lines read and accumulated by machine code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from .accumulate import binned_total
from .build import ProfileBuilder
from .columns import Layout
from .moments import Extreme, Moments
from .place import Place
from .readers.pieces import FrameSpan, Piece
from .values import Block, ValueReader, components, rows_of


class CompiledValueReader(ValueReader):
    """Reads atom lines and takes the moments of their columns."""

    def __init__(self, builder: ProfileBuilder) -> None:
        super().__init__(builder)
        self._running: dict[str, _Running] = {}

    def read(self, piece: Piece, spans: Sequence[FrameSpan], layout: Layout) -> Iterator[Block]:
        """One block of numbers; frames that cannot be read so go through the plain engine."""
        import numpy as np

        from .value_kernels import read_atoms

        sizes = np.array([span.size for span in spans], dtype=np.int64)
        lines = np.array([span.line - piece.first_line + 2 for span in spans], dtype=np.int64)
        numbers = np.empty((int(sizes.sum()), len(components(layout))))
        sound, finite = np.ones(len(spans), dtype=bool), np.ones(len(spans), dtype=bool)
        raw, ends = np.frombuffer(piece.data, dtype=np.uint8), np.asarray(piece.ends)
        read_atoms(raw, ends, lines, sizes, _kinds(layout), numbers, sound, finite)
        if sound.all():
            yield Block(spans, numbers, finite)
            return
        for position in np.flatnonzero(~sound).tolist():
            self.read_plainly(piece, spans[position], layout)
        kept = [span for span, good in zip(spans, sound, strict=True) if good]
        if kept:
            yield Block(kept, numbers[np.repeat(sound, sizes)], finite[sound])

    def take(self, block: Block, layout: Layout) -> None:
        """Moments of a block."""
        from .value_kernels import accumulate

        frames, atoms = rows_of(block.spans)
        first = 0
        for column in layout.columns:
            if column.letter in "RI":
                running = self._running_of(column.name, column.width)
                own = block.numbers[:, first : first + column.width].copy()
                accumulate(own, frames, atoms, *attrs.astuple(running, recurse=False))
                first += column.width

    def finish(self) -> None:
        """Bring the running moments home."""
        for key, running in self._running.items():
            name, _, _ = key.rpartition(":")
            for component in range(len(running.tallies)):
                moments = running.moments(component, self.builder.file)
                self.builder.add_moments(("arrays", name, component), moments)
        self._running = {}

    def _running_of(self, name: str, width: int) -> _Running:
        key = f"{name}:{width}"
        if key not in self._running:
            if len(self._running) > 64:  # memory stays bounded however many columns there are
                self.finish()
            self._running[key] = _new_running(width)
        return self._running[key]


@attrs.frozen(eq=False)
class _Running:
    """The arrays of :func:`.value_kernels.accumulate`."""

    bins: Any
    squares: Any
    tallies: Any
    extremes: Any
    places: Any

    def moments(self, component: int, file: str) -> Moments:
        bins, squares = self.bins[component], self.squares[component]
        nan, infinite, zeros = (int(count) for count in self.tallies[component])
        places = [int(place) for place in self.places[component]]
        low, high = (float(value) + 0.0 for value in self.extremes[component])
        finite = int(bins[:, 0].sum())
        return Moments(
            finite=finite,
            nan=nan,
            infinite=infinite,
            zeros=zeros,
            minimum=Extreme(low, Place(file, places[0], places[1])) if finite else None,
            maximum=Extreme(high, Place(file, places[2], places[3])) if finite else None,
            total=binned_total(bins[:, 1], bins[:, 2]),
            squares=binned_total(squares[:, 0], squares[:, 1]),
            histogram={int(code): int(bins[code, 0]) for code in bins[:, 0].nonzero()[0]},
            first_nan=Place(file, places[4], places[5]) if nan + infinite else None,
        )


def _new_running(width: int) -> _Running:
    import numpy as np

    extremes = np.empty((width, 2))
    extremes[:, 0], extremes[:, 1] = np.inf, -np.inf
    return _Running(
        np.zeros((width, 4096, 3), dtype=np.int64),
        np.zeros((width, 2048, 2), dtype=np.int64),
        np.zeros((width, 3), dtype=np.int64),
        extremes,
        np.full((width, 6), -1, dtype=np.int64),
    )


def _kinds(layout: Layout) -> Any:
    import numpy as np

    from .value_kernels import REAL, SKIP, WHOLE

    codes = {"R": REAL, "I": WHOLE}
    kinds = [codes.get(column.letter, SKIP) for column in layout.columns for _ in range(column.width)]
    return np.array(kinds, dtype=np.int64)
