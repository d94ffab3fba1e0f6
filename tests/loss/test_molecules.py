"""Molecule indices from any integers, and lever arms where nearest images are tied."""

from __future__ import annotations

import pytest
import torch

from mace_scf.loss import molecule_index
from mace_scf.loss.molecules import host_molecule_index, invariant_levers

PTR = torch.tensor([0, 4, 4, 9])
FRAMES = torch.tensor([0, 0, 0, 0, 2, 2, 2, 2, 2])
IDS = torch.tensor([7, -3, 7, -3, 7, 1000, 2, 2, 7])


@pytest.mark.parametrize("exact", [True, False])
def test_ids_need_not_be_contiguous_or_start_at_zero(exact: bool) -> None:
    index = molecule_index(IDS, FRAMES, PTR, exact=exact)

    assert index.of_atom.tolist() == [1, 0, 1, 0, 3, 4, 2, 2, 3]
    assert index.sizes[:5].tolist() == [2, 2, 2, 2, 1]
    assert index.ptr.tolist() == [0, 2, 2, 5]
    assert index.count == (5 if exact else 9)


def test_a_sorted_index_needs_no_reordering() -> None:
    ids = torch.tensor([0, 0, 1, 1, 5, 5, 6, 7, 7])

    assert molecule_index(ids, FRAMES, PTR, exact=True).order is None


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("ordered", [True, False])
def test_a_host_finds_the_same_molecules(seed: int, ordered: bool) -> None:
    torch.manual_seed(seed)
    sizes = torch.randint(0, 6, (seed % 7,))
    ptr = torch.cat([torch.zeros(1, dtype=torch.int64), sizes.cumsum(0)])
    frames = torch.repeat_interleave(torch.arange(len(sizes)), sizes)
    ids = torch.randint(-2, 3, (int(ptr[-1]),))
    if ordered:
        ids = ids[torch.argsort(10 * frames + ids)]

    found = host_molecule_index(ids, ptr)

    wanted = molecule_index(ids, frames, ptr, exact=True)
    for name in ("of_atom", "offsets", "frame", "ptr"):
        assert torch.equal(getattr(found, name), getattr(wanted, name))
    assert (found.order is None) is (wanted.order is None)
    if found.order is not None and wanted.order is not None:
        assert torch.equal(found.order, wanted.order)


@pytest.mark.parametrize("origin", [0.0, 0.3, 1.7])
def test_a_crystal_has_no_preferred_image(origin: float) -> None:
    side = torch.arange(2.0, dtype=torch.float64)
    positions = 3.0 * torch.cartesian_prod(side, side, side) + origin
    index = molecule_index(torch.arange(8), torch.zeros(8, dtype=torch.int64), torch.tensor([0, 8]))
    cell = 6.0 * torch.eye(3, dtype=torch.float64)[None]

    levers = invariant_levers(positions, index, cell, torch.ones(1, 3, dtype=torch.bool))

    torch.testing.assert_close(levers, torch.zeros_like(levers), rtol=0.0, atol=1e-12)


def test_levers_of_a_frame_add_up_to_zero() -> None:
    torch.manual_seed(0)
    positions = torch.randn(9, 3, dtype=torch.float64)
    index = molecule_index(IDS, FRAMES, PTR, exact=True)
    cell = torch.eye(3, dtype=torch.float64).expand(3, 3, 3) * 4.0

    levers = invariant_levers(positions, index, cell, torch.tensor([[True, True, False]] * 3))

    sums = torch.stack([levers[:2].sum(dim=0), levers[2:].sum(dim=0)])
    torch.testing.assert_close(sums, torch.zeros(2, 3, dtype=torch.float64), rtol=0.0, atol=1e-13)
