"""What a mean divides by, and what is summed, where labels are absent, infinite or have holes."""

from __future__ import annotations

from typing import Any

import ase
import pytest
import torch

from mace_scf.loss import LossEngine

from .kit import PATHS, WEIGHTS, Pair, on_path
from .small import engine, labels, predicted


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("reduction", ["batch", "labelled"])
@pytest.mark.parametrize("weights", [{}, {"atomic_multipoles_weight": torch.tensor([1.0, 1.0, 0.0])}])
def test_holes_in_a_models_own_target_count_for_nothing(
    path: str, flat: bool, reduction: str, weights: dict[str, Any]
) -> None:
    own = engine(path, {"esps": 1.0}).evolve(reduction=reduction)
    target = torch.zeros(6, 1)
    target[0] = torch.nan
    output = {"esps": torch.full((6, 1), 2.0), "esps_dft": target}
    reference = labels(atomic_multipoles=torch.zeros(6, 4), **weights)

    found = own(reference, {key: each.reshape(-1) for key, each in output.items()} if flat else output)

    labelled = 4.0 if weights else 5.0
    assert found["esps"].count.item() == labelled
    assert found["esps"].raw.item() == pytest.approx(
        4.0 * labelled / (6 if reduction == "batch" else labelled)
    )


@pytest.mark.usefixtures("index")
def test_molecules_that_only_an_upper_bound_has_are_no_labels() -> None:
    terms = {"molecular_forces": 1.0}
    holes = torch.zeros(6, 3)
    holes[5] = torch.nan  # the last frame, after which surplus molecules would lie
    found = {}
    for path in PATHS:
        own = engine(path, terms).evolve(reduction="labelled")
        breakdown = own(labels(forces=holes), predicted())
        found[path] = breakdown["molecular_forces"].count.item(), breakdown.total.item()

    assert {count for count, _ in found.values()} == {6.0}
    assert found["fused"][1] == pytest.approx(found["plain"][1], rel=1e-6)
    assert found["compiled"][1] == pytest.approx(found["plain"][1], rel=1e-6)


@pytest.mark.parametrize("path", PATHS)
def test_upstream_puts_zeros_where_a_batch_has_no_label(path: str) -> None:
    terms = {"energy_per_atom": 1.0, "fermi_level": 1.0, "cluster_virial": 1.0}
    upstream = LossEngine.from_config(terms, compat="upstream")
    own = on_path(upstream, path)
    output = {**predicted(), "fermi_level": torch.full((3,), 2.0)}

    found = own(labels(energy=None, forces=None), output)

    zeros = {"energy": torch.zeros(3), "energy_weight": torch.zeros(3)}
    wanted = own(labels(**zeros, fermi_level=torch.zeros(3), forces=torch.zeros(6, 3)), output)
    assert found["energy_per_atom"].raw.item() == 0.0
    assert found["fermi_level"].raw.item() == 4.0
    assert found.raw.tolist() == wanted.raw.tolist()


@pytest.mark.parametrize("path", PATHS)
def test_upstream_puts_zeros_where_a_frame_of_ase_has_no_label(path: str) -> None:
    frames = [ase.Atoms("H2", info={"E": 1.0, "mu": 3.0}), ase.Atoms("H2")]
    heads = {"info_keys": {"energy": "E", "fermi_level": "mu"}}
    upstream = LossEngine.from_config(
        {"energy_per_atom": 1.0, "fermi_level": 1.0}, compat="upstream", heads=heads
    )
    own = on_path(upstream, path)
    output = {"energy": torch.full((2,), 3.0), "fermi_level": torch.full((2,), 5.0)}

    found = own(frames, output)

    # The energy has a weight, of which the second frame has 0; upstream's Fermi level knows none.
    assert found.raw.tolist() == [(1.0 + 0.0) / 2, (4.0 + 25.0) / 2]


@pytest.mark.parametrize("path", PATHS)
def test_an_infinite_energy_stays_infinite_where_nothing_is_masked(path: str) -> None:
    own = LossEngine.from_config({"energy_per_atom": 1.0}, compat="upstream")
    own = on_path(own, path)

    found = own(labels(energy=torch.tensor([1.0, torch.inf, 0.0])), predicted())

    assert found.total.item() == torch.inf


def test_a_label_that_is_none_is_labelled_nowhere(pair: Pair) -> None:
    reference, prediction = pair
    absent: dict[str, Any] = {**reference, "stress": None}

    breakdown = LossEngine.from_config(WEIGHTS)(absent, prediction)

    assert breakdown.terms["stress"].raw.item() == 0.0
    assert breakdown.terms["stress"].count.item() == 0.0
    assert torch.isfinite(breakdown.total)
