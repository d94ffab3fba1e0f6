"""Frames as calculations: which are the same, and in what they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from mace_scf.dataset.calculations import Calculation, calculation_of, contradiction, contradictions
from mace_scf.dataset.evidence import Labels
from mace_scf.dataset.frames import read_frames

LABELS = Labels(
    energy="REF_energy", forces="REF_forces", total_charge="charge", external_field="field", dipole="mu"
)
FRAME = """3
Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:REF_forces:R:3 REF_energy=-1.5 mu="0 0 1" pbc="F F F"
O 0.0 0.0 0.1 0.1 0.2 0.3
H 0.0 0.7 0.5 -0.1 0.1 0.1
C 0.0 0.7 0.9 0.0 -0.3 -0.4
"""


def calculations(folder: Path, *texts: str) -> list[Calculation]:
    """Through a file."""
    path = folder / "frames.xyz"
    path.write_text("".join(texts), encoding="utf-8")
    found = [calculation_of(frame, LABELS) for frame in read_frames(str(path))]
    return [one for one in found if one is not None]


def turned(text: str) -> str:
    """The atoms in another order."""
    count, comment, *rows = text.splitlines()
    return "\n".join([count, comment, *reversed(rows)]) + "\n"


@pytest.mark.parametrize(
    "other",
    [
        FRAME,
        turned(FRAME),
        FRAME.replace("0.0 0.7 0.5", "0 0.7000001 5.0e-1"),
        FRAME.replace('pbc="F', 'charge=0 field="0 0 0" pbc="F'),
        FRAME.replace("-1.5", "-1.5004"),
    ],
    ids=["as it is", "other order", "other digits", "zeros written", "half a meV"],
)
def test_these_are_one_calculation_with_one_result(other: str, tmp_path: Path) -> None:
    first, second = calculations(tmp_path, FRAME, other)

    assert first.geometry == second.geometry
    assert contradiction(first, second) is None


@pytest.mark.parametrize(
    "other",
    [
        FRAME.replace("0.0 0.7 0.5", "0.0 0.7 0.5001"),
        FRAME.replace("O 0.0 0.0", "H 0.0 0.0").replace("H 0.0 0.7", "O 0.0 0.7"),
        FRAME.replace("9 0 0 0 9", "8 0 0 0 9"),
        FRAME.replace("F F F", "T T T"),
        FRAME.replace('pbc="F', 'charge=1 pbc="F'),
        FRAME.replace('pbc="F', 'field="0 0 0.1" pbc="F'),
    ],
    ids=["moved", "elements exchanged", "cell", "pbc", "charge", "field"],
)
def test_these_are_two_calculations(other: str, tmp_path: Path) -> None:
    first, second = calculations(tmp_path, FRAME, other)

    assert first.geometry != second.geometry


def test_what_differs_is_named_against_the_first_frame(tmp_path: Path) -> None:
    other = turned(FRAME).replace("0.1 0.2 0.3", "0.1 0.2 0.4").replace("-1.5", "-1.25")

    found = list(contradictions(calculations(tmp_path, FRAME, FRAME, other)))

    assert [(one.first, one.second, one.labels) for one in found] == [(0, 2, ("REF_forces",))]
    assert found[0].energy == pytest.approx(0.25)


def test_a_change_that_one_sum_does_not_see_is_seen(tmp_path: Path) -> None:
    swapped = FRAME.replace("0.1 0.2 0.3\n", "0.3 0.2 0.1\n")

    (found,) = contradictions(calculations(tmp_path, FRAME, swapped))

    assert found.labels == ("REF_forces",)


def test_labels_that_only_one_frame_has_contradict_nothing(tmp_path: Path) -> None:
    bare = FRAME.replace(' mu="0 0 1"', "").replace("REF_energy=-1.5 ", "")

    assert list(contradictions(calculations(tmp_path, FRAME, bare))) == []


def test_atoms_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "frames.xyz"
    path.write_text(FRAME, encoding="utf-8")

    (frame,) = read_frames(str(path))

    assert frame.numbers.tolist() == [8, 1, 6]


def gaps(folder: Path, lattice: str, pbc: str, *rows: str) -> list[float]:
    """Empty layers across the cell vectors."""
    text = f'{len(rows)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="{pbc}"\n'
    (found,) = calculations(folder, text + "".join(f"{row}\n" for row in rows))
    return [round(gap, 6) for gap in found.gaps]


def test_vacuum_is_measured_across_the_images(tmp_path: Path) -> None:
    layers = ("O 0 0 1", "O 2 2 -1")

    assert gaps(tmp_path, "4 0 0 0 4 0 0 0 20", "T T T", *layers) == [2.0, 2.0, 18.0]


def test_a_molecule_may_stand_outside_its_box(tmp_path: Path) -> None:
    atoms = ("O 0 0 19", "O 0 0 21")

    assert gaps(tmp_path, "20 0 0 0 20 0 0 0 20", "F F F", *atoms) == [20.0, 20.0, 18.0]
    assert gaps(tmp_path, "20 0 0 0 20 0 0 0 1", "F F F", *atoms)[2] == -1.0


def test_layers_of_a_slanted_cell_are_as_thick_as_they_are_high(tmp_path: Path) -> None:
    assert gaps(tmp_path, "4 0 0 0 4 0 4 0 10", "T T T", "O 0 0 0")[2] == 10.0


def test_without_a_cell_there_is_no_gap(tmp_path: Path) -> None:
    assert gaps(tmp_path, "0 0 0 0 0 0 0 0 0", "F F F", "O 0 0 0") == []


@pytest.mark.filterwarnings("error")
def test_what_random_damage_found_is_passed_over(tmp_path: Path) -> None:
    without_columns = "0\nProperties=s\n"
    huge = FRAME.replace("0.0 0.7 0.9", "0.0 0.7 1e307")

    found = calculations(tmp_path, FRAME, without_columns, huge)

    assert [one.frame for one in found] == [0, 2]
    assert found[1].gaps == ()
