"""Nothing in a step waits for the device, and a compiler takes the loss as one graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from mace_scf.loss import LossEngine, registered_terms, with_molecules
from mace_scf.loss.adapters import references_from

from .batches import leaves, ragged_batch, tensors, with_nan_labels
from .opcounter import counted

WEIGHTS = {name: 1.0 + place for place, name in enumerate(sorted(registered_terms()))}


def look(engine: LossEngine, reference: object, predicted: dict[str, torch.Tensor]) -> None:
    breakdown = engine(reference, predicted)
    breakdown.total.backward()  # type: ignore[no-untyped-call]
    for name in ("raw", "weighted", "share", "count", "gradient_norm", "worst_frame"):
        getattr(breakdown, name)


@pytest.mark.parametrize("reduction", ["batch", "labelled"])
@pytest.mark.parametrize("compat", [None, "upstream"])
def test_a_step_with_its_whole_breakdown_never_waits(reduction: str, compat: str | None) -> None:
    reference, prediction = ragged_batch()
    weights: dict[str, object] = {
        name: {"weight": weight, **registered_terms()[name].options} for name, weight in WEIGHTS.items()
    }
    engine = LossEngine.from_config(weights, compat=compat, reduction=reduction)
    batch, predicted = tensors(reference), leaves(prediction)

    counter = counted(lambda: look(engine, batch, predicted))

    assert counter.waits == []
    assert counter.names.total() > 100


@pytest.mark.parametrize("path", ["index", "prepared"])
def test_a_step_on_prepared_references_never_waits(path: str) -> None:
    reference, prediction = ragged_batch()
    engine = LossEngine.from_config(WEIGHTS)
    batch = references_from(tensors(reference))
    given: object = with_molecules(batch) if path == "index" else engine.prepare(batch)
    predicted = leaves(prediction)

    assert counted(lambda: look(engine, given, predicted)).waits == []


@pytest.mark.parametrize(
    "waiting",
    [
        lambda: torch.ones(()).item(),
        lambda: torch.ones(3)[torch.ones(3) > 0],
        lambda: torch.unique(torch.ones(3)),
        lambda: torch.repeat_interleave(torch.ones(2), torch.tensor([1, 2])),
        lambda: torch.ones(3).masked_select(torch.ones(3) > 0),
    ],
)
def test_the_counter_sees_what_waits(waiting: Callable[[], object]) -> None:
    assert counted(waiting).waits


@pytest.mark.slow
def test_the_compiler_makes_one_graph_that_outlives_weights() -> None:
    torch._dynamo.reset()
    reference, prediction = ragged_batch()
    reference = with_nan_labels(reference)
    engine = LossEngine.from_config(WEIGHTS)
    graphs: list[int] = []

    def backend(graph: torch.fx.GraphModule, inputs: list[torch.Tensor]) -> Callable[..., object]:
        graphs.append(len(graph.graph.nodes))
        return graph.forward

    compiled = torch.compile(engine.total, fullgraph=True, dynamic=True, backend=backend)

    first = compiled(tensors(reference), tensors(prediction))
    engine.set_weights(dict.fromkeys(WEIGHTS, 0.25))
    second = compiled(tensors(reference), tensors(prediction))

    assert len(graphs) == 1
    fresh = LossEngine.from_config(WEIGHTS)
    torch.testing.assert_close(first, fresh(tensors(reference), tensors(prediction)).total)
    torch.testing.assert_close(second, engine(tensors(reference), tensors(prediction)).total)
