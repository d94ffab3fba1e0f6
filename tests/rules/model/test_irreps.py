"""Irreps texts: what e3nn reads, and what it refuses."""

from __future__ import annotations

import pytest

from mace_scf.rules.irreps import Irrep, parse_irreps


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("128x0e + 128x1o", [(128, 0, 1), (128, 1, -1)]),
        ("16x0e+8x1o+4x2e", [(16, 0, 1), (8, 1, -1), (4, 2, 1)]),
        ("0e", [(1, 0, 1)]),
        (" 3 x 1y + 2x2y ", [(3, 1, -1), (2, 2, 1)]),
        ("", []),
    ],
)
def test_readable_irreps_become_parts(text: str, parts: list[tuple[int, int, int]]) -> None:
    assert parse_irreps(text) == tuple(Irrep(*part) for part in parts)


@pytest.mark.parametrize(
    "text",
    ["128x0", "128", "x0e", "sixteen", "128x0e + ", "128x0e, 128x1o", "-1x0e", "1x-1e", "2x2x0e", "128x0E"],
)
def test_other_texts_are_no_irreps(text: str) -> None:
    assert parse_irreps(text) is None
