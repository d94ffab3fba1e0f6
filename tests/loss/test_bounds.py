"""What would make sums read beyond a batch is one clear error, on every path alike."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from mace_scf.loss import LossInputError, References, with_molecules

from .kit import PATHS
from .small import engine, labels, lattice, predicted


def index(ptr: list[int]) -> Any:
    """A molecule index of six atoms in other frames."""
    ids = torch.tensor([0, 0, 1, 1, 2, 2])
    return with_molecules(References(ptr=torch.tensor(ptr), molecule=ids)).molecules


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("energy_weight", {"energy_weight": torch.ones(1, 3)}),
        ("weight", {"weight": torch.ones(1, 3)}),
        ("dipole_weight", {"dipole_weight": torch.ones(1, 9)}),
        ("molecules", {"molecules": index([0, 6])}),
        ("molecules", {"molecules": index([0, 1, 2, 6])}),
        ("ptr", {"ptr": torch.tensor([[0], [2], [5], [6]])}),
        ("ptr", {"ptr": torch.tensor([0.0, 2.0, 5.0, 6.0])}),
        ("ptr", {"ptr": torch.tensor(6)}),
        ("ptr", {"ptr": torch.zeros(0, dtype=torch.int64)}),
        ("ptr", {"ptr": [0, 2, 5, 6]}),
        ("batch", {"frame_of_atom": torch.tensor([0, 1, 0, 1, 1, 2])}),
        ("batch", {"frame_of_atom": torch.tensor([0, 0, 1, 1, 1, 9])}),
        ("batch", {"frame_of_atom": torch.tensor([[0], [0], [1], [1], [1], [2]])}),
        ("batch", {"frame_of_atom": torch.zeros(6, dtype=torch.int64, device="meta")}),
        ("cell", lattice(cell=torch.ones(2, 3, 3))),
        ("pbc", lattice(pbc=torch.ones(2, 3, dtype=torch.bool))),
        ("energy_baseline", {"energy_baseline": torch.ones(2, dtype=torch.float64)}),
    ],
)
def test_references_of_another_shape_are_told(path: str, key: str, change: dict[str, Any]) -> None:
    with pytest.raises(LossInputError, match=f"`{key}` should be"):
        engine(path)(labels(**change), predicted())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "modifier", [torch.ones(2), torch.ones(4), torch.ones(1, 3), torch.ones(3, device="meta"), 2.0]
)
def test_a_weight_modifier_of_another_shape_is_told(path: str, modifier: object) -> None:
    with pytest.raises(LossInputError, match="`loss_weight_modifier` should be"):
        engine(path)(labels(), predicted(loss_weight_modifier=modifier))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("shape", [(), (1,), (3,), (3, 1)])
def test_a_weight_modifier_may_be_one_number_or_a_column(path: str, shape: tuple[int, ...]) -> None:
    found = engine(path)(labels(), predicted(loss_weight_modifier=torch.full(shape, 2.0)))

    wanted = engine(path)(labels(weight=torch.full((3,), 2.0)), predicted())
    torch.testing.assert_close(found.raw, wanted.raw)


@pytest.mark.parametrize("path", PATHS)
def test_frames_without_any_atom_of_their_own_are_told(path: str) -> None:
    reference = References(ptr=torch.tensor([0, 2, 5, 6]), forces=torch.zeros(0, 3))

    with pytest.raises(LossInputError, match=r"`ptr` should be .* from 0 to 0 atoms"):
        engine(path, {"forces": 1.0})(reference, {"forces": torch.zeros(0, 3)})


@pytest.mark.parametrize("path", PATHS)
def test_frames_that_fall_are_told_by_energies_alone(path: str) -> None:
    reference = References(ptr=torch.tensor([0, 5, 2]), energy=torch.zeros(2))

    with pytest.raises(LossInputError, match=r"`ptr` should be .* never falling"):
        engine(path, {"energy_per_atom": 1.0})(reference, {"energy": torch.ones(2)})


@pytest.mark.parametrize("path", PATHS)
def test_a_batch_whose_atoms_are_not_sorted_is_told(path: str) -> None:
    batch = {"batch": torch.tensor([0, 1, 0, 1, 1, 2]), "weight": torch.ones(3), "forces": torch.zeros(6, 3)}

    with pytest.raises(LossInputError, match="`batch` should be atoms sorted by frame"):
        engine(path, {"forces": 1.0})(batch, predicted())


@pytest.mark.parametrize("path", PATHS)
def test_labels_of_frames_alone_can_be_prepared_and_counted(path: str) -> None:
    own = engine(path, {"total_charge": 1.0})
    reference = References(ptr=torch.tensor([0, 2, 5]), total_charge=torch.zeros(2))

    found = own(own.prepare(reference), {"density_coefficients": torch.ones(5, 4)})

    assert found.raw.item() == (2.0**2 + 3.0**2) / 2
    assert own.counts(reference).tolist() == [[1.0, 1.0]]


def test_a_molecule_index_is_made_of_a_sorted_batch() -> None:
    with pytest.raises(LossInputError, match="`batch` should be"):
        with_molecules(labels(frame_of_atom=torch.tensor([0, 1, 0, 1, 1, 2])))
    with pytest.raises(LossInputError, match="`ptr` should be"):
        with_molecules(labels(molecule=torch.zeros(4, dtype=torch.int64)))
    with pytest.raises(LossInputError, match="`molecule` should be on cpu"):
        with_molecules(labels(molecule=torch.zeros(6, dtype=torch.int64, device="meta")))
