"""Config, files and loss engine of each example fit: labels taken for predictions cost nothing, masks hold."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import mace_scf
from tests.examples.identities import EXAMPLES, FAMILIES, load_family

CONFIGS = [f"{name}/config.yaml" for name in FAMILIES] + ["formal_charges/split.yaml"]
LABEL_OF = {
    "energy": "energy",
    "forces": "forces",
    "stress": "stress",
    "dipole": "dipole",
    "density_coefficients": "atomic_multipoles",
    "fermi_level": "fermi_level",
}
# Kinds of frames by the example that has them, and which components of a dipole count in them.
MASKS = [
    ("qeq", (False, False, False), (True, True, True)),
    ("slab", (True, True, False), (False, False, True)),
    ("mixed_boundary", (False, False, False), (True, True, True)),
    ("mixed_boundary", (True, True, False), (False, False, True)),
    ("mixed_boundary", (True, True, True), (False, False, False)),
]


@cache
def stages(config: str) -> tuple[Any, ...]:
    return mace_scf.validate(EXAMPLES / config, data=False).stages


@cache
def frames(name: str) -> list[Any]:
    return load_family(name).frames("valid")


def learnt_by_heart(stage: Any, batch: list[Any]) -> dict[str, Any]:
    """What a model would return that repeats the labels."""
    from mace_scf.loss.frames import references_from_frames

    references = references_from_frames(batch, stage.heads)
    found = {key: getattr(references, label) for key, label in LABEL_OF.items()}
    return {key: value.clone() for key, value in found.items() if value is not None}


@pytest.mark.parametrize("config", CONFIGS)
def test_labels_as_predictions_cost_nothing_in_any_stage(config: str) -> None:
    from mace_scf.loss import LossEngine

    batch = frames(config.split("/")[0])

    for stage in stages(config):
        breakdown = LossEngine.from_stage(stage)(batch, learnt_by_heart(stage, batch))
        assert {*breakdown.terms} == {term.name for term in stage.terms}
        assert float(breakdown.total) < 1e-12


@pytest.mark.parametrize("config", CONFIGS)
def test_each_mapped_label_costs_something_in_some_stage(config: str) -> None:
    from mace_scf.loss import LossEngine

    batch = frames(config.split("/")[0])
    mapped, heard = set[str](), set[str]()

    for stage in stages(config):
        engine = LossEngine.from_stage(stage)
        mapped |= {*learnt_by_heart(stage, batch)}
        for key in mapped:
            prediction = learnt_by_heart(stage, batch)
            prediction[key] += 0.1
            heard |= {key} if float(engine(batch, prediction).total) > 1e-8 else set()

    assert heard == mapped


@pytest.mark.parametrize(("name", "pbc", "counts"), MASKS)
def test_a_dipole_counts_along_free_axes_only(
    name: str, pbc: tuple[bool, ...], counts: tuple[bool, ...]
) -> None:
    from mace_scf.loss import LossEngine

    batch = [frame for frame in frames(name) if tuple(frame.pbc) == pbc]
    stage = stages(f"{name}/config.yaml")[0]
    engine = LossEngine.from_stage(stage)

    costs = []
    for axis in range(3):
        prediction = learnt_by_heart(stage, batch)
        prediction["dipole"][:, axis] += 0.5
        costs.append(float(engine(batch, prediction).total) > 1e-8)

    assert batch
    assert tuple(costs) == counts
