"""Numbers in cells of 17 bytes (`` %16.8f``), eight bytes at a time with numpy.

:mod:`.word_kernels` has the same arithmetic for compiled code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Words = Any  # arrays of uint64; numpy's types call every sum with a Python integer signed

ZEROS, _HIGH_HALVES, _SIXES, _BLANKS = (
    0x3030303030303030, 0xF0F0F0F0F0F0F0F0, 0x0606060606060606, 0x2020202020202020,
)  # fmt: skip


def read_cells(cells: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """The numbers of (n, 17) bytes, ``None`` if any is written otherwise.

    Sign and digits are whole numbers of 1e-8 below 2**53, so that one division rounds them correctly.
    """
    import numpy as np

    if not (cells[:, 8] == 46).all():
        return None
    whole_words, decimals = _words(cells[:, :8]), _words(cells[:, 9:])
    digit = ((whole_words >> 4) & 0x0101010101010101) * 0xFF
    before = ~digit
    end = before + 1
    whole = (whole_words & digit) | (before & ZEROS)
    odd = (whole_words ^ _BLANKS) & before
    negative = odd != 0
    minus = (end >> 8) * 0x0D
    good = (before & end == 0) & (before != 0) & (before >> 56 == 0)
    good &= ~negative | ((odd == minus) & (before != 0xFF))
    if not (good & are_digits(whole) & are_digits(decimals)).all():
        return None
    scaled = eight_digits(whole) * 100000000 + eight_digits(decimals)
    numbers: NDArray[np.float64] = scaled.astype(np.float64) / 1e8 * (1.0 - 2.0 * negative)
    return numbers


def _words(columns: NDArray[np.uint8]) -> Words:
    import numpy as np

    words: Words = np.ascontiguousarray(columns).view("<u8").ravel()
    return words


def are_digits(words: Words) -> Any:
    """Which words are eight digits."""
    return ((words & _HIGH_HALVES) == ZEROS) & (((words + _SIXES) & _HIGH_HALVES) == ZEROS)


def eight_digits(words: Words) -> Words:
    """The numbers that words of eight digits spell; the first digit stands in the lowest byte."""
    words = words - ZEROS
    words = words * 10 + (words >> 8)
    low = (words & 0x000000FF000000FF) * 0x000F424000000064
    high = ((words >> 16) & 0x000000FF000000FF) * 0x0000271000000001
    return (low + high) >> 32
