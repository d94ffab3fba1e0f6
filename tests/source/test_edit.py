"""Edits by place: applied whole, in any order, never over each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.diagnostics import Edit, Fix, Span
from mace_scf.source.edit import apply_edits, compatible


def edit(line: int, column: int, end: int, replacement: str) -> Edit:
    return Edit(Span("f", line, column, line, end), replacement)


@given(st.text("ab\né\r", max_size=40), st.data())
def test_edits_are_slices_of_the_text(text: str, data: st.DataObject) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[line])))

    changed = apply_edits(text, [edit(line, column, column, "X")])

    assert changed.replace("X", "") == text
    assert (
        changed.index("X") == len("".join(piece + "_" for piece in lines[:line])) + column or "\r\n" in text
    )


def test_several_edits_are_applied_at_once() -> None:
    edits = [edit(1, 0, 1, "Y"), edit(0, 0, 1, "XX"), edit(0, 2, 3, "")]

    assert apply_edits("abc\ndef", edits) == "XXb\nYef"


def test_a_last_line_without_an_end_can_be_deleted() -> None:
    assert apply_edits("a\nb", [Edit(Span("f", 1, 0, 2, 0), "")]) == "a\n"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcdef", [edit(0, 0, 3, ""), edit(0, 2, 4, "")])


def test_of_colliding_fixes_the_first_is_taken() -> None:
    one, other = Fix("one", (edit(0, 0, 2, "x"),)), Fix("other", (edit(0, 1, 3, "y"), edit(5, 0, 1, "z")))
    free = Fix("free", (edit(5, 0, 1, "q"),))

    choice = compatible([one, other, free])

    assert choice.fixes == (one, free)
    assert choice.postponed == (other,)


def test_thousands_of_fixes_are_chosen_quickly() -> None:
    fixes = [Fix("n", (edit(line, 0, 1, "x"),)) for line in range(20000)]

    assert len(compatible(fixes).fixes) == 20000
