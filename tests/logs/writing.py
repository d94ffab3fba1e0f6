"""Writes logs as trainers do, from values, so that a reader's answers can be compared with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

TERMS = ("energy_per_atom", "forces", "atomic_multipoles", "esps")


def prefix(number: int, level: str = "DEBUG") -> str:
    return f"2025-03-01 {number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.{number % 1000:03d} {level}: "


def breakdown(values: Mapping[str, float | str], number: int = 0) -> str:
    items = "".join(f"{name}: {value}, " for name, value in values.items())
    return f"{prefix(number)}loss breakdown: {items}\n"


def epoch(number: int, loss: float = 0.5, at: int = 0) -> str:
    return f"{prefix(at, 'INFO')}Epoch {number}: loss={loss:8.8f}, MAE_E_per_atom=   12.3 meV\n"


def stage(weights: Mapping[str, float]) -> str:
    inside = ", ".join(f"{name}_weight={weight}" for name, weight in weights.items())
    return f"{prefix(0, 'INFO')}WeightedLoss({inside})\n"


def header() -> str:
    return prefix(0, "INFO") + "Total number of configurations: train=90, valid=10, tests=[]\n"


def batch_values(step: int, terms: Sequence[str] = TERMS) -> dict[str, float]:
    return {name: (place + 1) / (step + 1) for place, name in enumerate(terms)}


def run(epochs: range, *, batches: int = 3, weights: Mapping[str, float] | None = None) -> Iterator[str]:
    """Lines of one run: its header, a stage, and epochs of a few batches."""
    yield header()
    yield stage(weights or dict.fromkeys(TERMS, 2.0))
    for number in epochs:
        for step in range(batches):
            yield breakdown(batch_values(number * batches + step), number * batches + step)
        yield epoch(number)
