"""Nothing in a step waits for the device, and a compiler takes the loss as one graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

from mace_scf.loss import LossEngine, registered_terms, with_molecules
from mace_scf.loss.adapters import references_from
from mace_scf.loss.build import CheckedTerm
from mace_scf.loss.settings import settings_of

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
@pytest.mark.parametrize("compiled", [False, True], ids=["as on a GPU", "compiled"])
def test_a_step_with_its_whole_breakdown_never_waits(
    reduction: str, compat: str | None, compiled: bool
) -> None:
    reference, prediction = ragged_batch()
    specs = [CheckedTerm(name, weight, {}) for name, weight in WEIGHTS.items()]
    settings = settings_of(specs, compat)
    engine = LossEngine(settings, compat=compat, reduction=reduction, compiled=compiled)
    batch, predicted = tensors(reference), leaves(prediction)

    counter = counted(lambda: look(engine, batch, predicted))

    assert counter.waits == []
    assert counter.names.total() > (40 if compiled else 100)


@pytest.mark.parametrize("path", ["index", "prepared"])
@pytest.mark.parametrize("compiled", [False, True], ids=["as on a GPU", "compiled"])
def test_a_step_on_prepared_references_never_waits(path: str, compiled: bool) -> None:
    reference, prediction = ragged_batch()
    engine = LossEngine.from_config(WEIGHTS).evolve(compiled=compiled)
    batch = references_from(tensors(reference))
    given: object = with_molecules(batch) if path == "index" else engine.prepare(batch)
    predicted = leaves(prediction)

    assert counted(lambda: look(engine, given, predicted)).waits == []


def on_meta(batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors of a device that has no numbers: whoever reads one, even to learn a length, is stopped."""
    return {
        key: value.detach().to("meta").requires_grad_(value.requires_grad) for key, value in batch.items()
    }


def all_terms(
    compat: str | None, reduction: str = "batch", *, recorded: bool = False, but: str = ""
) -> LossEngine:
    specs = [CheckedTerm(name, weight, {}) for name, weight in WEIGHTS.items() if name != but]
    return LossEngine(settings_of(specs, compat), compat=compat, reduction=reduction, recorded=recorded)


@pytest.mark.parametrize("reduction", ["batch", "labelled"])
@pytest.mark.parametrize("compat", [None, "upstream"])
@pytest.mark.parametrize("recorded", [False, True])
def test_a_step_reads_no_number_of_its_device(reduction: str, compat: str | None, recorded: bool) -> None:
    reference, prediction = ragged_batch()
    engine = all_terms(compat, reduction, recorded=recorded)
    predicted = on_meta(leaves(prediction))

    look(engine, on_meta(tensors(reference)), predicted)

    assert predicted["forces"].grad is not None
    # What was kept on that device does not stand in the way of another.
    look(engine, tensors(reference), leaves(prediction))


@pytest.mark.parametrize("compat", [None, "upstream"])
def test_a_second_step_on_prepared_references_copies_nothing_to_its_device(compat: str | None) -> None:
    reference, prediction = ragged_batch()
    # Features are as many as the model makes, which no label tells: they are packed in the step.
    engine = all_terms(compat, but="field_features")
    prepared = engine.prepare(tensors(reference), "cuda").to("meta")
    predicted = on_meta(leaves(prediction))
    look(engine, prepared, predicted)

    counter = counted(lambda: look(engine, prepared, predicted))

    assert counter.waits == []
    assert counter.copied == []


def test_the_counter_sees_what_is_copied_to_a_device() -> None:
    assert counted(lambda: torch.ones(3).to("meta")).copied == ["aten::_to_copy"]
    assert counted(lambda: torch.tensor([1.0], device="cpu")).copied == []


def test_a_step_without_numbers_leaves_an_engine_as_it_was() -> None:
    reference, prediction = ragged_batch()
    engine = all_terms(None).evolve(compiled=False)
    wanted = engine(tensors(reference), tensors(prediction)).total
    other = all_terms(None).evolve(compiled=False)

    with FakeTensorMode():
        assert isinstance(other._weights_on(torch.device("cpu")), FakeTensor)

    found = other(tensors(reference), tensors(prediction)).total
    assert found.item() == wanted.item()


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


COMPILED = (
    "energy_per_atom",
    "forces",
    "forces_huber",
    "total_charge_per_atom",
    "dipole_per_atom",
    "esps",
    "cluster_virial_per_atom",
)


# A second graph would be an error, as a break in the first one is.
@pytest.mark.slow
@torch._dynamo.config.patch(error_on_recompile=True)  # type: ignore[untyped-decorator]  # of torch
def test_the_compiler_makes_one_graph_for_all_weights_and_sizes() -> None:
    torch._dynamo.reset()
    engine = LossEngine.from_config({name: WEIGHTS[name] for name in COMPILED})
    compiled = torch.compile(engine.total, fullgraph=True, dynamic=True, backend="aot_eager")

    # No two lengths (frames, atoms, terms) agree by chance: the compiler would take them for one.
    for place, sizes in enumerate(((3, 5, 1, 4, 2, 2, 7, 2), (2, 6, 3, 1, 1, 4, 5, 9, 8), (4, 3) * 5)):
        engine.set_weights(dict.fromkeys(COMPILED, 0.25 + place))
        reference, prediction = ragged_batch(seed=place, sizes=sizes)
        reference = with_nan_labels(reference)
        found, wanted = leaves(prediction), leaves(prediction)
        total = compiled(tensors(reference), found)
        total.backward()  # type: ignore[no-untyped-call]
        weights = dict.fromkeys(COMPILED, 0.25 + place)
        expected = LossEngine.from_config(weights)(tensors(reference), wanted).total
        expected.backward()  # type: ignore[no-untyped-call]
        torch.testing.assert_close(total, expected)
        torch.testing.assert_close(found["forces"].grad, wanted["forces"].grad)
