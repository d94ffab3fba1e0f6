"""A compiler hands on what is wrong with a batch in our words, before it compiles anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from mace_scf.loss import LossEngine, LossInputError

from .batches import ragged_batch, tensors

TERMS = {"energy_per_atom": 1.0, "forces": 1.0, "dipole_per_atom": 1.0, "cluster_virial": 1.0, "esps": 1.0}
SIZES = (3, 5, 1, 4, 2, 2, 7, 2)

Batch = dict[str, Any]


def without(key: str) -> Callable[[Batch], Batch]:
    return lambda batch: {name: value for name, value in batch.items() if name != key}


def changed(key: str, change: Callable[[Any], Any]) -> Callable[[Batch], Batch]:
    return lambda batch: {**batch, key: change(batch.get(key))}


def told(step: Callable[[Batch, Batch], object], reference: Batch, prediction: Batch) -> LossInputError:
    with pytest.raises(LossInputError) as caught:
        step(reference, prediction)
    return caught.value


def same(batch: Batch) -> Batch:
    return batch


WRONG = {
    "no such prediction": (same, without("forces")),
    "prediction of None": (same, changed("forces", lambda _: None)),
    "prediction of other rows": (same, changed("forces", lambda forces: forces[:-1])),
    "prediction that would broadcast": (same, changed("dipole", lambda dipole: dipole[:1])),
    "prediction of whole numbers": (same, changed("energy", lambda energy: energy.long())),
    "prediction elsewhere": (same, changed("esps", lambda esps: esps.to("meta"))),
    "prediction without names": (same, lambda batch: batch["forces"]),
    "modifier of other frames": (same, changed("loss_weight_modifier", lambda _: torch.ones(5))),
    "no such label": (without("forces"), same),
    "label of other rows": (changed("energy", lambda energy: energy[:2]), same),
    "weight of other frames": (changed("dipole_weight", lambda weight: weight[:, :2]), same),
    "cell of other frames": (changed("cell", lambda cell: cell[:3]), same),
    "no positions": (changed("positions", lambda _: None), same),
    "bounds of fractions": (changed("ptr", lambda ptr: ptr.double()), same),
}


@pytest.mark.parametrize("fullgraph", [True, False])
@pytest.mark.parametrize(("reference_change", "prediction_change"), WRONG.values(), ids=WRONG)
def test_a_wrong_batch_is_the_same_error_inside_a_compiler(
    fullgraph: bool,
    reference_change: Callable[[Batch], Batch],
    prediction_change: Callable[[Batch], Batch],
) -> None:
    torch._dynamo.reset()
    engine = LossEngine.from_config(TERMS)
    reference, prediction = ragged_batch(sizes=SIZES)
    batch = reference_change(tensors(reference)), prediction_change(tensors(prediction))
    compiled = torch.compile(engine.total, fullgraph=fullgraph, dynamic=True, backend="eager")

    found = told(compiled, *batch)

    wanted = told(engine.total, *batch)
    assert (found.term, found.key) == (wanted.term, wanted.key)
    assert (found.expected, found.found) == (wanted.expected, wanted.found)
    assert str(found).startswith(str(wanted))


@pytest.mark.slow
def test_a_wrong_batch_after_right_ones_is_told_too() -> None:
    torch._dynamo.reset()
    engine = LossEngine.from_config(TERMS)
    compiled = torch.compile(engine.total, fullgraph=True, dynamic=True, backend="aot_eager")
    reference, prediction = map(tensors, ragged_batch())
    right = compiled(reference, prediction)

    found = told(compiled, reference, changed("forces", lambda forces: forces[:-1])(prediction))

    assert found.found == "(12, 3)"
    torch.testing.assert_close(compiled(reference, prediction), right, rtol=0, atol=0)
