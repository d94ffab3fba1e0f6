"""Frames without atoms, wherever they stand, change nothing but what they are counted for."""

from __future__ import annotations

import pytest
import torch

from mace_scf.loss import registered_terms

from .batches import ragged_batch, take_frames, tensors, with_nan_labels
from .kit import PATHS, engine_for, gradients

NAMES = sorted(registered_terms())
SIZES = {"first": (0, 3, 1, 4), "middle": (3, 0, 0, 1), "last": (3, 2, 4, 0), "all": (0, 0)}

every_term = pytest.mark.parametrize("name", NAMES)
wherever = pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)


@every_term
@wherever
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("compat", [None, "upstream"])
def test_gradient_norms_are_those_of_the_gradient(
    name: str, path: str, compat: str | None, sizes: tuple[int, ...]
) -> None:
    reference, prediction = ragged_batch(seed=3, sizes=sizes)
    if compat is None:
        reference = with_nan_labels(reference)

    breakdown, grads = gradients(engine_for(name, path=path, compat=compat), reference, prediction)

    squares = [value.square().sum() for value in grads.values() if value.is_floating_point()]
    norm = torch.stack(squares).sum().sqrt()
    torch.testing.assert_close(breakdown.gradient_norm[0], norm, rtol=1e-12, atol=1e-14)


@pytest.mark.usefixtures("index")
@every_term
@wherever
@pytest.mark.parametrize("compat", [None, "upstream"])
@pytest.mark.parametrize("reduction", ["batch", "labelled"])
def test_all_paths_tell_the_same(
    name: str, compat: str | None, reduction: str, sizes: tuple[int, ...]
) -> None:
    reference, prediction = ragged_batch(seed=4, sizes=sizes)

    plain, *others = (
        engine_for(name, path=path, compat=compat).evolve(reduction=reduction)(
            tensors(reference), tensors(prediction)
        )
        for path in ("plain", "fused", "compiled")
    )

    for other in others:
        torch.testing.assert_close(other.raw, plain.raw, rtol=1e-12, atol=1e-14, equal_nan=True)
        torch.testing.assert_close(other.table, plain.table, rtol=1e-12, atol=1e-14, equal_nan=True)
        assert torch.equal(other.counts, plain.counts)
        assert torch.equal(other.worst_frame, plain.worst_frame)


@pytest.mark.parametrize("path", PATHS)
def test_a_frame_without_atoms_has_no_gain(path: str) -> None:
    reference, prediction = ragged_batch(seed=3, sizes=(3, 0, 4))
    reference["weight"][:] = 1.0
    kept = take_frames(reference, prediction, [0, 2])
    engine = engine_for("fixedpoint_scf_stability", path=path).evolve(reduction="labelled")

    found, grads = gradients(engine, reference, prediction)

    wanted, _ = gradients(engine, *kept)
    torch.testing.assert_close(found.raw, wanted.raw)
    assert found.counts.tolist() == [[4.0, 0.0, 4.0]]
    assert all(torch.isfinite(value).all() for value in grads.values())


@pytest.mark.parametrize("weights", [True, False])
def test_what_is_present_may_be_said_once_for_all_columns(weights: bool) -> None:
    reference, prediction = ragged_batch(seed=3, sizes=(3, 0, 4))
    reference["weight"][:] = 1.0
    if not weights:
        del reference["weight"]
    engine = engine_for("fixedpoint_scf_stability")

    found = engine(tensors(reference), tensors(prediction))

    assert found.counts.tolist() == [[4.0, 0.0, 4.0]]
