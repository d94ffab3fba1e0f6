"""Content hashes of many frames in one call of machine code; the package xxhash would take two calls for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .hashing import HashMethod
from .kernels.load import address, kernels
from .readers.pieces import Piece
from .readers.spans import BLOCK_END, COMMENT, COMMENT_END

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


class FrameHasher:
    """Hashes frames by one method."""

    def __init__(self, method: HashMethod) -> None:
        import numpy as np

        self._short = method.short
        self._kernel = kernels()["hash_frames"] if method.name == "xxh3" else None
        self._secret = np.array(list(bytes.fromhex(_SECRET_TEXT.replace("\n", ""))), dtype=np.uint8)
        self._lanes = np.empty(LANES, dtype=np.uint64)

    def hashes(self, piece: Piece, table: Integers) -> Any:
        """(frames, 2) hashes of comment and of atom lines."""
        import numpy as np

        pairs, known = np.empty((len(table), 2), dtype=np.uint64), np.zeros((len(table), 2), dtype=np.uint8)
        if self._kernel is not None:
            self._kernel(
                address(piece.raw), address(table), len(table), address(self._secret), address(self._lanes),
                address(pairs), address(known),
            )  # fmt: skip
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
