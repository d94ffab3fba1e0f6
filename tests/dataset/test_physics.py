"""Each identity holds on clean data, finds its fault in one frame of a hundred, and admits ignorance."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import attrs
import pytest

from benchmarks.dataset_generators import GeneratedFrame, clean_frames, write_frames
from benchmarks.planted_faults import FAULTS, Plant, cartesian_multipoles, debye_dipole
from mace_scf.dataset import diagnostics, scan_file
from mace_scf.dataset.evidence import Evidence, Labels
from mace_scf.dataset.frames import FrameValues, read_frames
from mace_scf.dataset.physics import check_all

LABELS = Labels(
    forces="REF_forces",
    stress="REF_stress",
    dipole="REF_dipole",
    multipoles="AIMS_atom_multipoles",
    total_charge="total_charge",
    spin="total_spin",
)
FRAMES = 200


@pytest.fixture(scope="module")
def clean() -> list[GeneratedFrame]:
    """Two hundred sound frames."""
    return list(islice(clean_frames(seed=11), FRAMES))


def checked(frames: list[GeneratedFrame], folder: Path) -> dict[str, Evidence]:
    """Evidence by name, through a file."""
    path = folder / "frames.xyz"
    write_frames(path, frames)
    return {evidence.name: evidence for evidence in check_all(read_frames(str(path)), LABELS)}


def planted(
    clean: list[GeneratedFrame], kind: str, plant: Plant, count: int
) -> tuple[list[GeneratedFrame], set[int]]:
    """The frames with the fault in some of them, and which."""
    frames = copy.deepcopy(clean)
    able = [number for number, frame in enumerate(frames) if _able(frame, kind)]
    chosen = set(able[:: max(1, len(able) // count)][:count])
    for number in chosen:
        plant(frames[number])
    return frames, chosen


def _able(frame: GeneratedFrame, kind: str) -> bool:
    isolated = frame.info["pbc"] == '"F F F"'
    return kind == "any" or (kind == "isolated") == isolated


def test_clean_data_break_nothing(clean: list[GeneratedFrame], tmp_path: Path) -> None:
    found = checked(clean, tmp_path)

    assert [evidence.name for evidence in found.values() if evidence.status != "holds"] == []


@pytest.mark.parametrize(("name", "kind", "plant"), FAULTS, ids=[fault[2].__name__ for fault in FAULTS])
def test_one_bad_frame_of_a_hundred_is_found(
    name: str, kind: str, plant: Plant, clean: list[GeneratedFrame], tmp_path: Path
) -> None:
    frames, chosen = planted(clean, kind, plant, FRAMES // 100)

    evidence = checked(frames, tmp_path)[name]

    assert evidence.status == "violated"
    assert (evidence.violations, set(evidence.frames)) == (len(chosen), chosen)


@pytest.mark.parametrize(
    ("plant", "phrase"), [(cartesian_multipoles, "[Q, d_x, d_y, d_z]"), (debye_dipole, "dipole in D")]
)
def test_the_permutation_test_names_the_order_and_unit(
    plant: Plant, phrase: str, clean: list[GeneratedFrame], tmp_path: Path
) -> None:
    frames, _ = planted(clean, "isolated", plant, FRAMES)

    evidence = checked(frames, tmp_path)["multipole-order"]

    assert evidence.status == "violated"
    assert phrase in evidence.reason


def test_frames_without_labels_are_not_testable(clean: list[GeneratedFrame], tmp_path: Path) -> None:
    path = tmp_path / "frames.xyz"
    write_frames(path, clean)

    found = check_all(_first(path), Labels())

    assert {evidence.status for evidence in found} == {"not testable"}
    assert all(evidence.reason for evidence in found)


def _first(path: Path) -> Iterator[FrameValues]:
    return islice(read_frames(str(path)), 10)


def test_charges_only_partitions_are_not_judged_by_order(clean: list[GeneratedFrame], tmp_path: Path) -> None:
    frames = copy.deepcopy(clean)
    for frame in frames:
        frame.multipoles = [row[:1] for row in frame.multipoles]
    path = tmp_path / "frames.xyz"
    write_frames(path, frames)
    path.write_text(path.read_text().replace("multipoles:R:4", "multipoles:R:1"))

    found = {evidence.name: evidence for evidence in check_all(read_frames(str(path)), LABELS)}

    assert found["multipole-order"].status == "not testable"


@pytest.mark.parametrize(
    ("charges", "status"),
    [({1: 1.0, 8: -2.0}, "holds"), ({1: 0.5, 8: -2.0}, "violated"), ({1: 1.0}, "not testable")],
    ids=["right", "wrong hydrogen", "no oxygen"],
)
def test_formal_charges_by_element_add_up(charges: dict[int, float], status: str) -> None:
    path = EXAMPLES[0].parents[2] / "local_split_charges" / "data" / "valid.xyz"
    labels = attrs.evolve(LABELS, formal_by_element=charges)

    (found,) = [one for one in check_all(read_frames(str(path)), labels) if one.name == "formal-charge-sum"]

    assert found.status == status


SLAB = attrs.evolve(LABELS, multipoles="REF_multipoles", spin=None)


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("", "", "holds"),
        ("wrap", "", "violated"),
        ("total_charge=0.0", "total_charge=1.0", "not testable"),
        ('config_dipole_weight="0.0 0.0 1.0"', 'config_dipole_weight="0.0 0.0 0.0"', "not testable"),
    ],
    ids=["sound", "one atom wrapped along z", "charged", "not counted"],
)
def test_dipoles_along_the_vacuum_of_a_slab(old: str, new: str, status: str, tmp_path: Path) -> None:
    text = (EXAMPLES[0].parents[2] / "slab" / "data" / "valid.xyz").read_text(encoding="utf-8")
    lines = text.split("\n")
    if old == "wrap":
        x, y, z = lines[2][2:50].split()
        lines[2] = lines[2][:2] + f" {x} {y} {float(z) - 40.0} " + lines[2][50:]
    path = tmp_path / "slab.xyz"
    path.write_text("\n".join(lines).replace(old, new) if new else "\n".join(lines), encoding="utf-8")

    found = {evidence.name: evidence for evidence in check_all(read_frames(str(path)), SLAB)}

    assert found["slab-dipole"].status == status
    assert found["slab-dipole"].violations == (status == "violated")


def test_of_models_without_formal_charges_nothing_is_said(
    clean: list[GeneratedFrame], tmp_path: Path
) -> None:
    assert "formal-charge-sum" not in checked(clean, tmp_path)


EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/data/*.xyz"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_shipped_examples_break_nothing(path: Path) -> None:
    labels = attrs.evolve(LABELS, multipoles="REF_multipoles", external_field="external_field")

    found = check_all(read_frames(str(path)), labels)

    assert [evidence.name for evidence in found if evidence.status == "violated"] == []
    assert diagnostics(scan_file(str(path), values=True)) == ()


def test_there_are_shipped_examples() -> None:
    assert EXAMPLES


@pytest.mark.parametrize(
    ("key", "value"),
    [("total_charge", "NaN"), ("total_charge", "inf"), ("total_spin", "NaN"), ("REF_dipole", '"0 NaN 0"')],
)
def test_numbers_that_are_not_finite_stop_no_identity(
    key: str, value: str, clean: list[GeneratedFrame], tmp_path: Path
) -> None:
    frames = copy.deepcopy(clean)
    for frame in frames[::100]:
        frame.info[key] = value

    found = checked(frames, tmp_path)

    assert found["multipole-order"].status == "holds"
    assert found["integer-charge"].violations == 0


@pytest.mark.parametrize("number", [float("nan"), 1e300])
@pytest.mark.filterwarnings("error")
def test_a_position_out_of_this_world_accuses_no_other_frame(
    number: float, clean: list[GeneratedFrame], tmp_path: Path
) -> None:
    frames = copy.deepcopy(clean)
    broken = next(frame for frame in frames if frame.info["pbc"] == '"F F F"')
    broken.positions[0][0] = number

    found = checked(frames, tmp_path)

    assert found["multipole-order"].violations == 0
    assert found["dipole-identity"].violations <= 1
