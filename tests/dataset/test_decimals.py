"""Numbers read many at a time: each as `float` reads it, and whole frames as the plain engine does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mace_scf.dataset import decimals, grouping, lines, scan_file
from mace_scf.dataset.decimals import MARGIN, points_in, read_decimals, word_bounds

WORDS = st.one_of(
    st.floats().map(repr),
    st.floats(-1e6, 1e6).map("{:.8f}".format),
    st.from_regex(r"[-+]?[0-9]{0,12}\.?[0-9]{0,24}", fullmatch=True).filter(bool),
    st.from_regex(r"-?[0-9]{1,26}", fullmatch=True),
    st.from_regex(r"[-+]?[0-9]{1,3}(\.[0-9]{1,3})?[eE][-+]?[0-9]{1,3}", fullmatch=True),
)
HARD = (
    "nan", "-inf", "1_0", "-0", "-0.0", "9007199254740993", "18446744073709551615", "99999999999999999999",
    "0.1234567890123456789", "1.00000000000000011102230246251565", "0.000000000000000000000000001", "-.5", "5.",
    "123456789.5", "4503599627370497.5", "9007199254740992.5", "00000000000000000000.5",
)  # fmt: skip


def read(words: list[str]) -> list[float] | None:
    """The words as numbers."""
    text = " " * MARGIN + " ".join(words) + " "
    raw = np.frombuffer(text.encode(), dtype=np.uint8)
    starts, ends = word_bounds(raw == 32)
    found = read_decimals(raw, starts, ends, points_in(raw, starts, ends))
    return None if found is None else found[0].tolist()


def floats(words: list[str]) -> list[float] | None:
    """The same by Python."""
    try:
        return list(map(float, words))
    except ValueError:
        return None


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_words_are_the_numbers_that_float_reads(words: list[str]) -> None:
    assert repr(read(words)) == repr(floats(words))


@pytest.mark.parametrize("long_double", [True, False])
def test_hard_words_are_the_numbers_that_float_reads(
    long_double: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not long_double:
        monkeypatch.setattr(decimals, "_has_long_double", lambda: False)

    assert [repr(read([word])) for word in HARD] == [repr(floats([word])) for word in HARD]


def test_numbers_halfway_between_two_doubles_are_rounded_once() -> None:
    source = random.Random(3)
    odd = [2 * source.randrange(1 << 52, 1 << 53) + 1 for _ in range(2000)]
    words = [f"{number * 5 // 10}.{number * 5 % 10}" for number in odd] + [str(number << 2) for number in odd]

    assert read(words) == floats(words)


@pytest.mark.parametrize(
    "word", ["1..2", "1.2.3", "--1", "-", "+", ".", "1e", "1-2", "1x", "0x10", "1,5", "1.5D+0", "\u0663"]
)
def test_what_is_no_number_is_none(word: str) -> None:
    assert read(["1.0", word, "2.0"]) is None


LAYOUT = "species:S:1:pos:R:3:n:I:1:tag:S:1:fixed:L:1:forces:R:3"
ODD_LINES = (
    "O 1 2 3 4.0 a T 1 2 3",
    "O 1 2 3 +4 a T 1 2 3",
    "O 1 2 3 1234567890123456789 a T 1 2 3",
    "O 1 2 3 4 a.b T 1.5 nan 3",
    "O 1 2 3 4 a T 1_0 2 3",
    "O 1 2 3 4 a T -inf 2 1e400",
    "O 1 2 x 4 a T 1 2 3",
    "O 1 2 3 4 a T 1 2",
    "O 1 2 3 4 a T 1 2 3 5",
    "8 1 2 3 4 a T 1 2 3",
    "O 1 2 3 4 a T 1 2\x0b3",
    "O 1 2 3 4 a\x01 T 1 2 3",
    "O\t1  2 3 4 a T 1 2 3 \r",
    "O 1 2 3 4 å T 1 2 3",
)


def frame(source: random.Random, odd: str = "") -> str:
    """A frame of forty atoms, with one other line."""
    rows = [
        f"{source.choice(('H', 'Cl'))} {source.gauss(0, 1)!r} {source.random():.3f} -{source.random():.12g} "
        f"{source.randint(-9, 9)} a{source.randint(0, 3)} T {source.gauss(0, 1e-6)!r} {source.randint(0, 99)} .5"
        for _ in range(40)
    ]
    rows[source.randrange(40)] = odd or rows[0]
    return "\n".join(["40", f"Properties={LAYOUT} energy={source.gauss(0, 9)!r}", *rows]) + "\n"


@pytest.mark.parametrize("odd", ["", *ODD_LINES])
def test_frames_of_any_layout_are_read_as_the_plain_engine_reads_them(odd: str, tmp_path: Path) -> None:
    source, path = random.Random(4), tmp_path / "lines.xyz"
    path.write_text(frame(source) + frame(source, odd) + "".join(frame(source) for _ in range(60)))

    assert scan_file(str(path), values=True, engine="numpy") == scan_file(
        str(path), values=True, engine="plain"
    )


def test_small_frames_are_read_so_too(mixed_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def points(*words: Any) -> Any:
        asked.append(len(words[1]))
        return points_in(*words)

    monkeypatch.setattr(lines, "_WORTH_IT", 0)
    monkeypatch.setattr(grouping, "_WORTH_IT", 0)
    monkeypatch.setattr(lines, "points_in", points)

    assert scan_file(str(mixed_file), values=True, engine="numpy") == scan_file(
        str(mixed_file), values=True, engine="plain"
    )
    assert asked
