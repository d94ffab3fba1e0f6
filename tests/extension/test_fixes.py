"""Fixes in a declaration: one for a name, none for what is no name."""

from __future__ import annotations

import pytest

from mace_scf.diagnostics import Span
from mace_scf.extension.problems import wrong_type
from mace_scf.source import Scalar


@pytest.mark.parametrize(
    ("text", "expected", "written"),
    [
        ("h5", "a list", "[h5]"), (".h5", "a list", "[.h5]"), ("h5", "an ending such as .xyz", ".h5"),
        ("null h5", "an ending such as .xyz", None), ("a, b", "a list", None), ("h5", "a number", None),
    ],
)  # fmt: skip
def test_a_name_gets_the_form_that_is_wanted(text: str, expected: str, written: str | None) -> None:
    fix = wrong_type("file_suffixes", Scalar(text, "", Span("f")), expected).fix

    assert (fix and fix.edits[0].replacement) == written
