"""Content hashes of many frames, gathered in arrays and brought to the builder now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .build import ProfileBuilder
from .facts import SKETCH_SIZE
from .hashing import MIX

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ENOUGH = 1 << 16


class PendingHashes:
    """Frame and block hashes on their way to the builder's sketches."""

    def __init__(self, builder: ProfileBuilder) -> None:
        self.builder = builder
        self._parts: list[tuple[NDArray[np.int64], Any, Any]] = []
        self._count = 0

    def add(self, frames: NDArray[np.int64], comments: Any, blocks: Any) -> None:
        """Hashes of the comment lines and of the atom lines of some frames."""
        import numpy as np

        block = np.array(blocks, dtype=np.uint64)
        # The same arithmetic as hashing.frame_hash, modulo 2**64.
        whole = np.array(comments, dtype=np.uint64) * np.uint64(MIX) + block
        self._parts.append((frames, whole, block))
        self._count += len(frames)
        if self._count > _ENOUGH:
            self.finish()

    def finish(self) -> None:
        """Bring home what is pending."""
        import numpy as np

        if not self._parts:
            return
        frames = np.concatenate([part[0] for part in self._parts])
        for kind, table in ((1, self.builder.frame_hashes), (2, self.builder.block_hashes)):
            self._add(table, np.concatenate([part[kind] for part in self._parts]), frames)
        self._parts, self._count = [], 0

    def _add(self, table: dict[int, list[int]], values: Any, frames: NDArray[np.int64]) -> None:
        import numpy as np

        unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
        first = np.full(len(unique), np.iinfo(np.int64).max)
        np.minimum.at(first, inverse, frames)
        if len(unique) > SKETCH_SIZE:
            self.builder.complete[id(table)] = False
        kept = (part[:SKETCH_SIZE].tolist() for part in (unique, counts, first))
        for value, count, frame in zip(*kept, strict=True):
            seen = table.setdefault(value, [0, frame])
            seen[0] += count
            seen[1] = min(seen[1], frame)
        self.builder.shrink_sketches()
