"""Which planted fault each physics check finds at one bad frame in a hundred, as a Markdown table.

Run ``python -m benchmarks.dataset_faults``. "elsewhere" counts checks that also speak up: some faults break
two identities at once. The last row is data without any fault.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.dataset_generators import GeneratedFrame, clean_frames, write_frames
from benchmarks.planted_faults import (
    FAULTS,
    FORMAL,
    Plant,
    as_slabs,
    cartesian_multipoles,
    field_in_other_unit,
    with_fields,
    with_formal_charges,
    wrapped_atom,
    wrong_total_charge,
)
from mace_scf.catalog.elements import NUMBERS
from mace_scf.dataset.evidence import Evidence, Labels
from mace_scf.dataset.frames import read_frames
from mace_scf.dataset.physics import check_all

FRAMES = 400
LABELS = Labels(
    forces="REF_forces",
    stress="REF_stress",
    dipole="REF_dipole",
    multipoles="AIMS_atom_multipoles",
    total_charge="total_charge",
    spin="total_spin",
)


# Checks of data that the clean set has none of: what makes such data of it, and the labels to look at.
PREPARED: tuple[tuple[str, str, Plant, Callable[[list[GeneratedFrame]], None], Labels], ...] = (
    ("slab-dipole", "slab", wrapped_atom, as_slabs, LABELS),
    ("field-size", "isolated", field_in_other_unit, with_fields, Labels(external_field="field")),
    (
        "formal-charge-sum",
        "any",
        wrong_total_charge,
        with_formal_charges,
        Labels(
            total_charge="total_charge",
            formal_by_element={NUMBERS[symbol]: float(charge) for symbol, charge in FORMAL.items()},
        ),
    ),
)


def main() -> None:
    """Print the table."""
    print(
        "| fault | check | planted | found | missed | false | elsewhere |\n|---|---|---:|---:|---:|---:|---|"
    )
    clean = list(islice(clean_frames(seed=3), FRAMES))
    with tempfile.TemporaryDirectory() as folder:
        for row in _rows(clean, Path(folder) / "frames.xyz"):
            print("| " + " | ".join(row) + " |")


def _rows(clean: list[GeneratedFrame], path: Path) -> Iterator[list[str]]:
    for name, kind, plant in FAULTS:
        yield _row(clean, path, name, kind, plant, LABELS)
    for name, kind, plant, prepare, labels in PREPARED:
        prepared = copy.deepcopy(clean)
        prepare(prepared)
        assert not any(evidence.violations for evidence in _checked(prepared, path, labels).values())
        yield _row(prepared, path, name, kind, plant, labels)
    yield _whole_set(clean, path)
    alarms = sum(evidence.violations for evidence in _checked(clean, path, LABELS).values())
    yield ["none", "all", "0", "0", "0", str(alarms), "-"]


def _row(
    clean: list[GeneratedFrame], path: Path, name: str, kind: str, plant: Plant, labels: Labels
) -> list[str]:
    frames = copy.deepcopy(clean)
    able = [number for number, frame in enumerate(frames) if _fits(frame, kind)]
    chosen = able[:: len(able) // 4][:4]
    for number in chosen:
        plant(frames[number])
    found = _checked(frames, path, labels)
    others = [other for other, evidence in found.items() if other != name and evidence.violations]
    hits = found[name].violations
    missed, false = max(0, len(chosen) - hits), max(0, hits - len(chosen))
    counts = map(str, (len(chosen), min(hits, len(chosen)), missed, false))
    return [plant.__name__.replace("_", " "), name, *counts, ", ".join(others) or "-"]


def _whole_set(clean: list[GeneratedFrame], path: Path) -> list[str]:
    """The order of multipoles is judged over all frames together."""
    frames = copy.deepcopy(clean)
    for frame in frames:
        cartesian_multipoles(frame)
    found = _checked(frames, path, LABELS)
    order = found.pop("multipole-order")
    others = [name for name, evidence in found.items() if evidence.violations]
    counts = map(str, (order.tested, order.violations, order.tested - order.violations, 0))
    return ["all multipoles cartesian", order.name, *counts, ", ".join(others) or "-"]


def _checked(frames: list[GeneratedFrame], path: Path, labels: Labels) -> dict[str, Evidence]:
    write_frames(path, frames)
    return {evidence.name: evidence for evidence in check_all(read_frames(str(path)), labels)}


def _fits(frame: GeneratedFrame, kind: str) -> bool:
    if kind == "slab":
        return frame.info["pbc"] == '"T T F"'
    return kind == "any" or (kind == "isolated") == (frame.info["pbc"] == '"F F F"')


if __name__ == "__main__":
    main()
