"""Content hashes of many frames by machine code; the package xxhash would take two calls for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from .hashing import HashMethod
from .kernels.load import address
from .readers.pieces import Piece
from .readers.spans import BLOCK_END, COMMENT, COMMENT_END, FRAME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

# As in kernels/hashes.py, which needs numba to be imported; a test holds them equal.
SHORT, LANES, SECRET = 240, 8, 192
_SECRET_TEXT = """
b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248e
e03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a
51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8f
f8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e
"""


@attrs.frozen(eq=False)
class FrameHashes:
    """Hashes of some frames as the machine code leaves them.

    Attributes:
        frames: (n,) number of each in the file, rising.
        pairs: (n, 2) hashes of comment and of atom lines.
        known: (n, 2) 0 where a text was too short for the machine code.
    """

    frames: Integers
    pairs: NDArray[np.uint64]
    known: NDArray[np.uint8]


class FrameHasher:
    """Hashes frames by one method."""

    def __init__(self, method: HashMethod) -> None:
        import numpy as np

        self._short = method.short
        self._secret = np.array(list(bytes.fromhex(_SECRET_TEXT.replace("\n", ""))), dtype=np.uint8)
        self._lanes = np.empty(LANES, dtype=np.uint64)
        self.arguments = int(method.name == "xxh3"), address(self._secret), address(self._lanes)

    def complete(self, piece: Piece, table: Integers, found: FrameHashes) -> NDArray[np.uint64]:
        """(frames, 2) hashes of comment and of atom lines of some of the frames in ``found``."""
        import numpy as np

        rows = np.searchsorted(found.frames, table[:, FRAME])
        pairs, known = found.pairs[rows], found.known[rows]
        if not known.all():
            self._hash_short(piece.view, table, known, pairs)
        return pairs

    def _hash_short(self, view: memoryview, table: Integers, known: Any, pairs: Any) -> None:
        """What the machine code has left over."""
        import numpy as np

        rows, kinds = np.nonzero(known == 0)
        starts = np.where(kinds == 0, table[rows, COMMENT], table[rows, COMMENT_END] + 1).tolist()
        ends = np.where(kinds == 0, table[rows, COMMENT_END], table[rows, BLOCK_END]).tolist()
        left = [self._short(view[start:end]) for start, end in zip(starts, ends, strict=True)]
        pairs[rows, kinds] = np.array(left, dtype=np.uint64)
