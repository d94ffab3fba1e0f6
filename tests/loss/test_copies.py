"""Engines, batches and errors go to other processes and come back the same."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader, Dataset

from mace_scf.loss import (
    LossConfigError,
    LossEngine,
    LossInputError,
    Predictions,
    References,
    registered_terms,
    with_molecules,
)
from mace_scf.loss.adapters import references_from
from mace_scf.loss.problems import RecordError

from .batches import leaves, ragged_batch, take_frames, tensors
from .kit import PATHS, Pair, engine_for

COPIES = {"pickle": lambda value: pickle.loads(pickle.dumps(value)), "copy": copy.deepcopy}
every_copy = pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)


@every_copy
@pytest.mark.parametrize("name", sorted(registered_terms()))
@pytest.mark.parametrize("path", PATHS)
def test_a_copied_engine_gives_the_same_bits(
    name: str, path: str, copied: Callable[[Any], Any], pair: Pair
) -> None:
    engine = engine_for(name, path=path)
    wanted = engine(*pair)

    found = copied(engine)(*pair)

    assert found.total.item() == wanted.total.item()
    assert torch.equal(found.gradient_norm, wanted.gradient_norm)


@every_copy
def test_typed_batches_can_be_copied(copied: Callable[[Any], Any]) -> None:
    reference = copied(References(ptr=torch.tensor([0, 2]), energy=torch.ones(1)))
    prediction = copied(Predictions(energy=torch.tensor([3.0])))

    assert LossEngine.from_config({"energy_per_atom": 1.0})(reference, prediction).total.item() == 1.0


@pytest.mark.parametrize(
    "error",
    [
        LossInputError("forces", "forces", expected="(3, 3)", found="(2, 3)"),
        RecordError("run.jsonl", 3, "no JSON"),
    ],
)
def test_an_error_of_another_process_is_the_same(error: Exception) -> None:
    found = pickle.loads(pickle.dumps(error))

    assert type(found) is type(error)
    assert str(found) == str(error)
    assert vars(found) == vars(error)


def test_findings_of_another_process_are_the_same() -> None:
    with pytest.raises(LossConfigError) as caught:
        LossEngine.from_config({"forcs": 1.0})

    found = pickle.loads(pickle.dumps(caught.value))

    assert str(found) == str(caught.value)
    assert [each.code for each in found.diagnostics] == [each.code for each in caught.value.diagnostics]


class Numbers(Dataset[int]):
    """Four frames, by their numbers."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> int:
        return range(4)[index]


class Collate:
    """What a loader does in its workers."""

    def __init__(self, engine: LossEngine, *, prepared: bool) -> None:
        self.engine = engine
        self.prepared = prepared

    def __call__(self, frames: list[int]) -> tuple[list[int], Any]:
        reference = tensors(take_frames(*ragged_batch(seed=30), frames)[0])
        if self.prepared:
            return frames, self.engine.prepare(reference)
        return frames, with_molecules(references_from(reference))


@pytest.mark.slow
@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.parametrize("prepared", [True, False])
@pytest.mark.parametrize("path", ["compiled", "fused"])
def test_references_may_be_read_by_workers_of_a_loader(start: str, prepared: bool, path: str) -> None:
    terms = {"forces": 1.0, "molecular_forces": 2.0, "stress_huber": 3.0, "energy_per_atom_l1": 4.0}
    engine = LossEngine.from_config(terms).evolve(compiled=path == "compiled")
    loader: DataLoader[Any] = DataLoader(
        Numbers(),
        batch_size=3,
        collate_fn=Collate(engine, prepared=prepared),
        num_workers=2,
        multiprocessing_context=start,
    )

    for frames, given in loader:
        reference, prediction = take_frames(*ragged_batch(seed=30), frames)
        found, wanted = engine(given, leaves(prediction)), engine(tensors(reference), leaves(prediction))
        assert found.total.item() == wanted.total.item()
        found.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
