"""The two readings of a comment line, against ASE's own reader."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from ase.io.extxyz import key_val_str_to_dict
from hypothesis import given, settings
from hypothesis import strategies as st

from mace_scf.dataset import tokens
from mace_scf.dataset.comment import read_comment, read_comment_like_ase
from mace_scf.dataset.reading import Reading, read_value, read_value_like_ase

LINES = (
    "a=1 b=2.5 c=text d=T e",
    'v="1 2 3" w="1.5 2 nan" x={1 2 3} y=[1,2,3] z=[[1,0,0],[0,1,0],[0,0,1]]',
    "REF_energy=-1.5D+00 e=-1.5eV f=None g=-1.5-100 h=1_000",
    'q=\'single quoted\' r="esc \\" aped" s = -1.5 t= 3',
    'a="" b=2 c=3',
    "water dimer, PBE0",
    'flags="T F T" odd="T x" uid=123 big=99999999999999999999 huge=1e400',
    'j="_JSON [[1, 2], [3, 4]]" k="_JSON {\\"a\\": 1}"',
    "a=b=c d==e",
    'open="never closed a=1',
    "[a]=1 {b}=2",
    'trailing=""',
)


def ase_readings(line: str) -> dict[str, Reading]:
    """Kinds and shapes of what ASE's reader returns."""
    read: Any = key_val_str_to_dict  # ase has no types
    return {key: reading_of(value) for key, value in read(line).items()}


def reading_of(value: object) -> Reading:
    """Kind and shape of one value of ASE's."""
    kinds = {"i": "int", "f": "real", "b": "bool"}
    if isinstance(value, str):
        return Reading("text")
    if isinstance(value, dict):
        return Reading("object")
    array = np.asarray(value)
    return Reading(kinds[array.dtype.kind], array.shape) if array.dtype.kind in kinds else Reading("object")


def our_readings(line: str) -> dict[str, Reading]:
    """The same from our reading of ASE's ways."""
    return {key: read_value_like_ase(key, text).reading for key, text in read_comment_like_ase(line)}


@pytest.mark.parametrize("line", LINES)
def test_our_reading_of_ases_ways_is_what_ase_does(line: str) -> None:
    expected = ase_readings(line)

    assert our_readings(line) == expected


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="ab1.-+eDTF =\"'{}[],\\_ \tnÅ", max_size=40))
def test_any_line_is_read_as_ase_reads_it(line: str) -> None:
    try:
        expected = ase_readings(line) if line.strip() else {}
    except IndexError:
        with pytest.raises(IndexError):
            read_comment_like_ase(line)
        return

    assert (our_readings(line) if line.strip() else {}) == expected


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_places_of_entries_lie_inside_the_line(line: str) -> None:
    entries = read_comment(line).entries

    assert all(0 <= entry.start < entry.end <= len(line) for entry in entries)
    assert all(one.end <= two.start for one, two in itertools.pairwise(entries))


def test_the_format_reads_a_nested_array_and_ase_does_not() -> None:
    line = "m=[[1,0,0],[0,1,0],[0,0,1]]"

    meant = read_value(read_comment(line).entries[0]).reading

    assert meant == Reading("int", (3, 3))
    assert our_readings(line)["m"] == Reading("text")


def test_the_format_reads_a_fortran_exponent_and_ase_does_not() -> None:
    line = "REF_energy=-1.5D+01"

    meant = read_value(read_comment(line).entries[0])

    assert (meant.reading, meant.numbers) == (Reading("real"), (-15.0,))
    assert our_readings(line)["REF_energy"] == Reading("text")


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["name", "config_type", "head", "energy", "Lattice", "pbc", "Properties", "dipole"]),
    st.one_of(
        st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True),
        st.sampled_from(["T", "false", "NaN", "Inf", "infinity", "None", "NULL", "na", "nan_1", "e5", "D2"]),
    ),
)
def test_words_that_take_no_look_are_what_a_look_finds(key: str, text: str) -> None:
    assert tokens._sound_value(key, text) == tokens._looked_at(key, text)
