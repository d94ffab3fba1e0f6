"""The table of a breakdown: the expected page, shares, flags, widths, the live view."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from mace_scf.render.breakdown import (
    BreakdownView,
    LiveBreakdown,
    TermLine,
    flags,
    shares,
    sparkline,
    unit_of,
)

GOLDEN = Path(__file__).parent / "golden"
LINES = (
    TermLine("energy_per_atom", 1.2518e-4, 1.2518e-5, 10.0, count=64, gradient_norm=1.2e-3),
    TermLine("forces", 9.0, 0.09, 100.0, count=19200, gradient_norm=2.2),
    TermLine("atomic_multipoles", 3.1e-1, 3.1e-3, 100.0, count=25600, gradient_norm=0.1, change=-0.3),
    TermLine("dipole_per_atom", 0.0, 0.0, 1e6, count=0, gradient_norm=0.0),
    TermLine("total_charge_per_atom", 5.4e-8, 5.4e-11, 1000.0, count=64, gradient_norm=1e-7),
    TermLine("my_own_term", 1e-2, 1e-2, 1.0, trend=(3.0, 2.0, 1.0, 0.5, math.nan, 0.1), change=20.0),
)
NOT_FINITE = (
    TermLine("forces", 3.0, 0.03, 100.0),
    TermLine("esps", math.nan, math.nan, 1.0),
    TermLine("dipole", math.inf, math.inf, 2.0),
    TermLine("energy_per_atom", 1.0, 1.0, 1.0, not_finite=3),
)


def page(lines: tuple[TermLine, ...], width: int, *, colour: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    console.print(BreakdownView(lines, "step 120, stage unroll"))
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


@pytest.mark.parametrize(
    ("name", "lines", "width"),
    [("wide", LINES, 140), ("narrow", LINES, 80), ("not-finite", NOT_FINITE, 140)],
)
def test_table_is_the_expected_page(
    name: str, lines: tuple[TermLine, ...], width: int, update_golden: bool
) -> None:
    golden = GOLDEN / f"breakdown-{name}.out"

    text = page(lines, width)

    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 70, 80, 100, 120, 140, 200])
def test_no_number_is_cut_at_any_width(width: int) -> None:
    text = page(LINES, width)

    assert "…" not in text
    assert max(map(len, text.split("\n"))) <= width


@pytest.mark.parametrize("column", ["raw", "weighted", "gradient"])
def test_numbers_of_a_column_end_at_one_place(column: str) -> None:
    _, header, *rows = page(LINES, 140).rstrip().split("\n")
    end = header.index(column) + len(column)

    cells = [row[end - 9 : end] for row in rows if row[end - 9 : end].strip()]

    assert len(cells) >= 5
    assert all(cell[1] == "." and cell[5] == "e" for cell in cells)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12))
def test_shares_add_up_to_one(values: list[float]) -> None:
    found = shares([TermLine(f"term_{place}", value) for place, value in enumerate(values)])

    assert math.fsum(found) == (pytest.approx(1.0) if sum(values) else 0.0)


def test_shares_leave_out_what_is_not_finite() -> None:
    found = shares(NOT_FINITE)

    assert found[0] == 0.75
    assert math.isnan(found[1])
    assert math.isnan(found[2])
    assert found[3] == 0.25


def test_flags_tell_dominating_dead_unlabelled_and_not_finite_terms() -> None:
    assert flags(LINES) == ("dead", "dominates", "", "no labels", "dead", "")
    assert flags(NOT_FINITE) == ("", "not finite", "not finite", "not finite")


@pytest.mark.parametrize(("share", "word"), [(0.9, ""), (0.901, "dominates"), (0.001, ""), (0.0009, "dead")])
def test_flags_begin_beyond_their_limits(share: float, word: str) -> None:
    first, _ = flags([TermLine("forces", 1.0, share=share), TermLine("esps", 1.0, share=0.5)])

    assert first == word


def test_a_single_term_does_not_dominate() -> None:
    assert flags([TermLine("forces", 1.0)]) == ("",)


def test_terms_that_are_not_finite_are_red() -> None:
    text = page(NOT_FINITE, 140, colour=True)

    assert "\x1b[1;31mnot finite" in text
    assert "\x1b[1;31m" not in page(LINES, 140, colour=True)


def test_units_come_from_the_catalog() -> None:
    assert unit_of("forces") == "(eV/Å)²"
    assert unit_of("forces_l2norm") == "eV/Å"
    assert unit_of("my_own_term") == ""


def test_a_trend_without_change_is_flat() -> None:
    assert sparkline([2.0, 2.0, 2.0]) == "▁▁▁"
    assert sparkline([math.nan, math.inf, 0.0]) == "××·"
    assert sparkline([]) == ""


def test_live_view_shows_the_newest_numbers() -> None:
    stream = io.StringIO()

    with LiveBreakdown(Console(file=stream, width=80, force_terminal=True, color_system=None)) as live:
        live.show(LINES, title="step 1")
        live.show(NOT_FINITE, title="step 2")

    text = stream.getvalue()
    assert "step 1" in text
    assert "not finite" in text.rpartition("step 2")[2]


def test_drawing_a_table_loads_no_numeric_library() -> None:
    script = (
        "import sys, mace_scf.render.breakdown; print([n for n in ('numpy', 'torch') if n in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
