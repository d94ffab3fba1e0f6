"""Lines split by the structure of earlier ones, and texts read once: the same as line by line and one by one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mace_scf.dataset import scan_file
from mace_scf.dataset.templates import Split, Templates
from mace_scf.dataset.tokens import split_comment, strange

LINE = b'Lattice="8.0 0 0 0 8.0 0 0 0 8.0" Properties=species:S:1:pos:R:3 energy=-1.5 config_type=bulk pbc="T T T"'
ALIKE = (
    LINE.replace(b"-1.5", b"2e-3"),
    LINE.replace(b" energy", b" \t energy"),
    b"  " + LINE + b" \r",
    LINE.replace(b"bulk", b"a:b,c"),
)
UNLIKE = (
    LINE.replace(b"energy=-1.5", b"energy=a=b"),
    LINE.replace(b"energy=-1.5", b"energy=a="),
    LINE.replace(b"energy=-1.5", b'energy="-1.5"'),
    LINE.replace(b"energy=-1.5", b"energy= -1.5"),
    LINE.replace(b"energy=-1.5", b"energy"),
    LINE.replace(b"energy=-1.5", b"energy="),
    LINE.replace(b"energy", b"Energy"),
    LINE.replace(b'"T T T"', b'""'),
    LINE.replace(b'"T T T"', b'"T T T'),
    LINE.replace(b'8.0" P', b'8.0"P'),
    LINE.replace(b'"T T T"', b'"T T T"x'),
    LINE.replace(b"config_type=bulk", b'config_type=bu"l"k'),
    LINE + b" more=1",
    LINE.replace(b" config_type=bulk", b""),
    LINE.replace(b"energy=-1.5 config_type=bulk", b"config_type=bulk energy=-1.5"),
    b"",
)


@pytest.fixture
def learned() -> Templates:
    """Templates that have seen one structure often enough."""
    templates = Templates(split_comment)
    for _ in range(8):
        templates.split(LINE)
    return templates


def split_slowly(comment: bytes) -> None:
    """Stands for the way word by word where a template must have matched."""
    raise AssertionError(f"no template matched {comment!r}")


@pytest.mark.parametrize("line", ALIKE)
def test_lines_of_a_known_structure_are_split_by_it(line: bytes, learned: Templates) -> None:
    learned._split = split_slowly

    assert learned.split(line) == split_comment(line)


@pytest.mark.parametrize("line", UNLIKE)
def test_lines_of_another_structure_are_split_word_by_word(line: bytes, learned: Templates) -> None:
    asked: list[bytes] = []

    def split(comment: bytes) -> Split | None:
        asked.append(comment)
        return split_comment(comment)

    learned._split = split

    assert learned.split(line) == split_comment(line)
    assert asked == [line]


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(LINE)), st.sampled_from('=" \t\ra1.'), st.booleans()), max_size=4)
)
def test_any_change_of_a_line_is_split_as_without_templates(changes: list[tuple[int, str, bool]]) -> None:
    templates = Templates(split_comment)
    for _ in range(8):
        templates.split(LINE)
    line = LINE.decode()
    for place, sign, instead in changes:
        line = line[:place] + sign + line[place + instead :]

    ordinary = not strange(line.rstrip("\r").encode())

    assert not ordinary or templates.split(line.encode()) == split_comment(line.encode())


def test_files_without_a_structure_leave_nothing_behind() -> None:
    templates = Templates(split_comment)

    for number in range(3000):
        line = b"Properties=species:S:1:pos:R:3 key%d=1" % (number // 5)
        assert templates.split(line) == split_comment(line)

    assert len(templates._seen) <= 1024
    assert sum(map(len, templates._known.values())) <= 32


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_values_that_come_again_are_counted_as_the_plain_engine_counts_them(
    engine: str, tmp_path: Path
) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
    source, path = random.Random(11), tmp_path / "again.xyz"
    choices = (
        "w=1.0",
        "w=1",
        "w=nan",
        "w=1e400",
        "w=x",
        "w=x=y",
        'w="1 0 1"',
        'w="1  0 1"',
        'w="1 0,1"',
        'w="T F"',
    )
    weights = ("1.0", "0", '"1 0 1"', "none")
    with path.open("w") as stream:
        for _ in range(600):
            line = f'{source.choice(choices)} config_w_weight={source.choice(weights)} pbc="{source.choice("TF")} F F"'
            if source.random() < 0.05:
                line += source.choice((' pbc="T"', " head=a", ' pbc="F T"', " \\", " d='1'"))
            stream.write(
                f"1\nProperties=species:S:1:pos:R:3 {line} e={source.choice((1, 2.5, -3))}\nH 0 0 0\n"
            )

    assert scan_file(str(path), engine=engine) == scan_file(str(path), engine="plain")
