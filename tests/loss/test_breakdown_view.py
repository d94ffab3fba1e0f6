"""A breakdown for people: its table, and a short form that waits for nothing."""

from __future__ import annotations

import io

import torch
from rich.console import Console

from mace_scf.loss import Breakdown, LossEngine
from tests.loss.opcounter import OpCounter


def example() -> Breakdown:
    engine = LossEngine.from_config({"forces": 100.0, "energy_per_atom": 2.0, "fermi_level": 1.0})
    reference = {
        "batch": torch.tensor([0, 0, 0, 1, 1]),
        "forces": torch.zeros(5, 3),
        "energy": torch.zeros(2),
        "fermi_level": None,
    }
    prediction = {
        "forces": torch.full((5, 3), 0.5, requires_grad=True),
        "energy": torch.tensor([3.0, 4.0]),
        "fermi_level": torch.zeros(2),
    }
    return engine(reference, prediction)


def printed(breakdown: Breakdown, width: int) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(breakdown)
    return stream.getvalue()


def test_rich_prints_a_breakdown_as_a_table() -> None:
    text = printed(example(), 120)

    rows = {line.split()[0]: line for line in text.splitlines()}
    assert "2.500e-01" in rows["forces"]  # 0.5² (eV/Å)²
    assert "(eV/Å)²" in rows["forces"]
    assert "no labels" in rows["fermi_level"]
    assert "3.000e+01" in rows["total"]  # 100 · 0.25 + 2 · (1² + 2²) / 2


def test_lines_hold_the_numbers_of_the_breakdown() -> None:
    breakdown = example()

    lines = {line.name: line for line in breakdown.lines()}

    for term in breakdown:
        line = lines[term.name]
        assert line.weight == term.weight
        assert line.count == int(term.count)
        for field in ("raw", "weighted", "share", "gradient_norm"):
            assert getattr(line, field) == float(getattr(term, field))


def test_the_short_form_looks_at_no_number() -> None:
    breakdown = example()

    with OpCounter() as counter:
        shown = f"{breakdown!r} {breakdown.terms['forces']!r}"

    assert shown == (
        "Breakdown(forces, energy_per_atom, fermi_level; on cpu) TermBreakdown('forces', weight=100)"
    )
    assert not counter.names
