"""What a profile answers about labels, reach, overlap, energies; and how it looks in tables."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from mace_scf.dataset import DatasetProfile, scan_file
from mace_scf.dataset.answers import (
    carries,
    find_key,
    first_frames_with,
    frame_classes,
    frames_with,
    label_patterns,
    overlap,
)
from mace_scf.dataset.card import from_dict, to_dict
from mace_scf.dataset.facts import NormalEquations
from mace_scf.dataset.scan import scan
from mace_scf.render.profile import profile_view

RESERVED = """2
Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 dipole="0 0 1" pbc="T T F"
O 0 0 0 0 0 0
H 0 0 1 0 0 0
1
Properties=species:S:1:pos:R:3 REF_energy=-2.5 config_type=IsolatedAtom
H 0 0 0
2
Properties=species:S:1:pos:R:3:REF_forces:R:3 REF_energy=-3.5 [odd]=1
O 0 0 0 0 0 0
H 0 0 1 0 0 0
"""


@pytest.fixture
def profile(tmp_path: Path) -> DatasetProfile:
    """Three frames with reserved and safe names."""
    path = tmp_path / "train.xyz"
    path.write_text(RESERVED)
    return scan_file(str(path), values=True)


def test_reserved_names_are_not_reachable(profile: DatasetProfile) -> None:
    energy, forces, dipole = (
        find_key(profile, place, key)
        for place, key in (("info", "energy"), ("arrays", "forces"), ("info", "dipole"))
    )

    assert energy is not None
    assert forces is not None
    assert dipole is not None
    assert [facts.reach.reachable for facts in (energy, forces, dipole)] == [False, False, False]
    assert (energy.reach.rewritten, forces.reach.rewritten) == ("REF_energy", "REF_forces")
    assert dipole.reach.rewritten == ""


def test_joint_counts_come_from_patterns(profile: DatasetProfile) -> None:
    both = frames_with(
        profile,
        lambda items: carries(items, "info", "REF_energy") and carries(items, "arrays", "REF_forces"),
    )

    assert both == 1
    assert sum(label_patterns(profile).values()) == 3
    assert frame_classes(profile, "pbc") == {"FFF": 2, "TTF": 1}


@pytest.mark.parametrize("engine", ["plain", "numpy"])
def test_the_first_frame_without_a_label_is_known(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "train.xyz"
    path.write_text(RESERVED * 2)
    profile = scan_file(str(path), engine=engine)
    told = from_dict(to_dict(profile))

    places = first_frames_with(told, lambda items: not carries(items, "info", "REF_energy"))

    # Frame 1 defines an E0 and is no training frame.
    assert [place.frame for place in places] == [0]
    assert first_frames_with(told, lambda items: not carries(items, "info", "energy"))[0].frame == 2


def test_isolated_atoms_stay_out_of_the_normal_equations(profile: DatasetProfile) -> None:
    equations = profile.energies["REF_energy"]

    assert (equations.frames, equations.elements) == (1, (1, 8))
    assert equations.rank() == 1
    assert [(atom.number, atom.energies) for atom in profile.isolated] == [(1, (("REF_energy", -2.5),))]


def test_energies_per_element_solve_the_normal_equations() -> None:
    from mace_scf.dataset.exact import exact_integer, nearest_float

    truth = {1: -13.0, 8: -2000.0}
    equations = NormalEquations()
    for counts in ({1: 2, 8: 1}, {1: 4, 8: 1}, {1: 1, 8: 3}):
        energy = sum(truth[number] * count for number, count in counts.items())
        gram = {(one, two): n * m for one, n in counts.items() for two, m in counts.items()}
        moment = {number: count * exact_integer(energy) for number, count in counts.items()}
        equations = equations.merge(NormalEquations(1, gram, moment))

    assert equations.rank() == 2
    for one in equations.elements:
        fitted = sum(equations.gram[one, two] * truth[two] for two in equations.elements)
        assert fitted == pytest.approx(nearest_float(equations.moment[one]))


def test_overlap_finds_the_shared_frames(tmp_path: Path) -> None:
    frames = [f"1\nProperties=species:S:1:pos:R:3 n={number}\nH 0 0 {number}\n" for number in range(6)]
    (tmp_path / "a.xyz").write_text("".join(frames[:4]))
    (tmp_path / "b.xyz").write_text("".join(frames[2:]))

    shared = overlap(*(scan([tmp_path / name]) for name in ("a.xyz", "b.xyz")))

    assert shared is not None
    assert (shared.frames, shared.looked_at, shared.complete) == (2, 4, True)
    assert [(one.frame, two.frame) for one, two in shared.examples] == [(2, 0), (3, 1)]


def test_tables_name_what_the_loader_cannot_reach(profile: DatasetProfile) -> None:
    console = Console(width=160, record=True, file=io.StringIO())

    console.print(profile_view({"train": profile, "[valid]": profile}))

    text = console.export_text()
    assert "no: ASE moves it into a calculator; the trainer rewrites it to REF_energy" in text
    assert "1 of 3" in text
    assert "[valid]" in text
