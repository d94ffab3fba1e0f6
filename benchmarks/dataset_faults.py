"""Which planted fault each physics check finds at one bad frame in a hundred, as a Markdown table.

Run ``python -m benchmarks.dataset_faults``. "elsewhere" counts checks that also speak up: some faults break
two identities at once. The last row is data without any fault.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.dataset_generators import GeneratedFrame, clean_frames, write_frames
from benchmarks.planted_faults import FAULTS
from mace_scf.dataset.frames import read_frames
from mace_scf.dataset.physics import Evidence, Labels, check_all

FRAMES = 400
LABELS = Labels(
    forces="REF_forces",
    stress="REF_stress",
    dipole="REF_dipole",
    multipoles="AIMS_atom_multipoles",
    total_charge="total_charge",
    spin="total_spin",
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
        frames = copy.deepcopy(clean)
        able = [number for number, frame in enumerate(frames) if _fits(frame, kind)]
        chosen = able[:: len(able) // 4][:4]
        for number in chosen:
            plant(frames[number])
        found = _checked(frames, path)
        others = [other for other, evidence in found.items() if other != name and evidence.violations]
        hits = found[name].violations
        missed, false = max(0, len(chosen) - hits), max(0, hits - len(chosen))
        counts = map(str, (len(chosen), min(hits, len(chosen)), missed, false))
        yield [plant.__name__.replace("_", " "), name, *counts, ", ".join(others) or "-"]
    alarms = sum(evidence.violations for evidence in _checked(clean, path).values())
    yield ["none", "all", "0", "0", "0", str(alarms), "-"]


def _checked(frames: list[GeneratedFrame], path: Path) -> dict[str, Evidence]:
    write_frames(path, frames)
    return {evidence.name: evidence for evidence in check_all(read_frames(str(path)), LABELS)}


def _fits(frame: GeneratedFrame, kind: str) -> bool:
    return kind == "any" or (kind == "isolated") == (frame.info["pbc"] == '"F F F"')


if __name__ == "__main__":
    main()
