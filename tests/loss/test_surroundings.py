"""What surrounds a step does not reach into the loss: inference mode, devices, autocast, precision of the cell."""

from __future__ import annotations

import attrs
import pytest
import torch

from .kit import PATHS
from .small import engine, labels, lattice, predicted


@pytest.mark.parametrize("path", PATHS)
def test_a_validation_in_inference_mode_is_complete_and_may_come_first(path: str) -> None:
    own = engine(path)
    with torch.inference_mode():
        seen = own(labels(), {key: value.detach() * 1.0 for key, value in predicted().items()})
        norms = seen.gradient_norm

    trained = own(labels(), predicted())
    trained.total.backward()  # type: ignore[no-untyped-call]

    assert seen.total.item() == trained.total.item()
    torch.testing.assert_close(norms, trained.gradient_norm)
    assert bool((norms > 0).all())


@pytest.mark.parametrize("path", PATHS)
def test_a_default_device_does_not_reach_into_the_engine(path: str) -> None:
    reference, prediction, wanted = labels(), predicted(), engine(path)(labels(), predicted())
    torch.set_default_device("meta")
    try:
        found = engine(path)(reference, prediction)
        found.total.backward()  # type: ignore[no-untyped-call]
        assert found.gradient_norm.tolist() == wanted.gradient_norm.tolist()
    finally:
        torch.set_default_device(None)

    assert found.total.item() == wanted.total.item()


@pytest.mark.parametrize("path", PATHS)
def test_autocast_leaves_lever_arms_alone(path: str) -> None:
    own = engine(path, {"cluster_virial": 1.0})
    wanted = own(labels(**lattice()), predicted()).total

    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = own(labels(**lattice()), predicted()).total

    assert found.item() == wanted.item()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("dtypes", [(torch.float32, torch.float64), (torch.float64, torch.float32)])
def test_cell_and_positions_may_differ_in_precision(
    path: str, dtypes: tuple[torch.dtype, torch.dtype]
) -> None:
    reference = labels(**lattice())
    assert reference.cell is not None
    assert reference.positions is not None
    own = engine(path, {"cluster_virial": 1.0})
    mixed = attrs.evolve(
        reference, cell=reference.cell.to(dtypes[0]), positions=reference.positions.to(dtypes[1])
    )

    found, wanted = own(mixed, predicted()).raw, own(reference, predicted()).raw
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=0.0)


def test_predictions_that_no_term_reads_may_lie_elsewhere() -> None:
    output = {**predicted(), "node_feats": torch.ones(3, device="meta"), "note": "text"}

    assert engine("compiled", {"forces": 0.0})(labels(), output).total.item() == 0.0
