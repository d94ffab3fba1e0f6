"""Facts about models held against a hand-written copy: groups, conservation, inputs, refusals, weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mace_scf.catalog.model import Model
from mace_scf.catalog.models import MODELS
from mace_scf.catalog.option import Condition

BY_NAME = {model.name: model for model in MODELS}

COMMON = {"embedding", "interactions_decay", "interactions_no_decay", "products", "readouts"}
GROUPS = {
    "MACE": COMMON,
    "ScaleShiftMACE": COMMON,
    "FixedChargeBaselinedMACE": COMMON,
    "LocalSplitCharges": COMMON | {"lr_source_maps", "polarizability_readouts"},
    "LocalCharges": COMMON | {"lr_source_maps"},
    "FixedPoint": COMMON
    | {"lr_source_maps", "field_dependent_charges_map", "local_electron_energy", "layer_feature_mixer"},
    "MACEQEq": COMMON | {"enegs_readouts", "hardness_readouts"},
}


def _holds(when: tuple[Condition, ...], settings: Mapping[str, Any]) -> bool:
    return all(condition.holds(settings[condition.option]) for condition in when)


@pytest.mark.parametrize("name", GROUPS)
def test_learning_rate_groups_are_those_of_the_optimizer(name: str) -> None:
    model = BY_NAME[name]

    assert set(model.parameter_groups) == GROUPS[name]
    assert {group for group, _ in model.conditional_groups} <= GROUPS[name]


def test_the_models_are_those_of_the_parser_with_their_modes() -> None:
    modes = {model.name: model.modes for model in MODELS if model.modes}

    assert set(BY_NAME) == set(GROUPS)
    assert modes == {"FixedPoint": ("direct", "unroll_scf", "implicit", "linearize_solve")}


def test_only_these_models_fix_the_total_charge() -> None:
    found = {model.name: [entry.exact for entry in model.conserves] for model in MODELS if model.conserves}

    assert found == {
        "LocalSplitCharges": [True],
        "FixedChargeBaselinedMACE": [True],
        "FixedPoint": [False],
        "MACEQEq": [True],
    }


@pytest.mark.parametrize("mode", ["direct", "unroll_scf", "implicit", "linearize_solve"])
@pytest.mark.parametrize("constant_charge", [True, False])
def test_fixed_point_holds_its_charge_when_it_iterates_at_constant_charge(
    mode: str, constant_charge: bool
) -> None:
    (charge,) = BY_NAME["FixedPoint"].conserves

    fixed = _holds(charge.when, {"mode": mode, "constant_charge": constant_charge})

    assert fixed == (mode != "direct" and constant_charge)


# Model, and label read as input under the defaults of each option and these settings.
FROM_DATA = {"initial_density": "from_data", "initial_fermi_level": "from_data"}
OWN_START = {"initial_density": "local_guess", "initial_fermi_level": "zero"}
INPUTS: list[tuple[str, dict[str, Any], set[str]]] = [
    ("MACE", {}, set()),
    ("ScaleShiftMACE", {}, set()),
    ("LocalCharges", {}, {"external_field"}),
    ("LocalSplitCharges", {}, {"external_field"}),
    ("LocalSplitCharges", {"formal_charges_from_data": True}, {"external_field", "charges"}),
    ("FixedChargeBaselinedMACE", {"formal_charges_from_data": True}, {"external_field", "charges"}),
    ("MACEQEq", {}, {"external_field", "total_charge"}),
    ("MACEQEq", {"read_enegs": True}, {"external_field", "total_charge", "enegs"}),
    ("MACEQEq", {"read_hardness": True}, {"external_field", "total_charge", "hardness"}),
    ("FixedPoint", {"mode": "direct"}, {"external_field", "atomic_multipoles", "fermi_level"}),
    ("FixedPoint", {"mode": "unroll_scf", **OWN_START}, {"external_field", "total_charge"}),
    (
        "FixedPoint",
        {"mode": "unroll_scf", **FROM_DATA},
        {"external_field", "total_charge", "atomic_multipoles", "fermi_level"},
    ),
    ("FixedPoint", {"mode": "unroll_scf", "constant_charge": False, **OWN_START}, {"external_field"}),
    (
        "FixedPoint",
        {"mode": "implicit", "constant_charge": False, **OWN_START},
        {"external_field", "fermi_level"},
    ),
    (
        "FixedPoint",
        {"mode": "implicit", "field_feature_norms": "average", **OWN_START},
        {"external_field", "total_charge", "atomic_multipoles", "fermi_level"},
    ),
    (
        "FixedPoint",
        {"mode": "implicit", "fermi_level_offset": None, **OWN_START},
        {"external_field", "total_charge", "fermi_level"},
    ),
    (
        "FixedPoint",
        {"mode": "linearize_solve", "atom_density_scaling": "average", **OWN_START},
        {"external_field", "total_charge", "atomic_multipoles"},
    ),
]


@pytest.mark.parametrize(("name", "settings", "labels"), INPUTS)
def test_labels_read_as_inputs(name: str, settings: dict[str, Any], labels: set[str]) -> None:
    complete = {
        "constant_charge": True,
        "formal_charges_from_data": False,
        "read_enegs": False,
        "read_hardness": False,
        "initial_density": "local_guess",
        "initial_fermi_level": "from_data",
        "field_feature_norms": "None",
        "atom_density_scaling": "None",
        "fermi_level_offset": 0.0,
        **settings,
    }

    found = {entry.quantity for entry in BY_NAME[name].inputs if _holds(entry.when, complete)}

    assert found == labels


# Settings with which a model crashes, and whether that is certain.
REFUSED: list[tuple[str, dict[str, Any], bool]] = [
    ("FixedPoint", {"compute_stress": True}, True),
    ("MACEQEq", {"compute_stress": True}, True),
    ("LocalSplitCharges", {"atomic_multipoles_max_l": 2}, True),
    ("LocalCharges", {"atomic_multipoles_max_l": 2}, True),
    ("FixedPoint", {"atomic_multipoles_max_l": 2}, True),
    ("MACEQEq", {"atomic_multipoles_max_l": 2}, True),
    ("MACEQEq", {"atomic_multipoles_max_l": 1}, False),
    ("FixedPoint", {"field_feature_max_l": 2}, True),
    ("FixedPoint", {"mode": "implicit", "distributed": True}, True),
    ("ScaleShiftMACE", {"scaling": "no_scaling"}, True),
]
HARMLESS = {
    "compute_stress": False,
    "atomic_multipoles_max_l": 0,
    "field_feature_max_l": 1,
    "mode": "unroll_scf",
    "distributed": False,
    "scaling": "rms_forces_scaling",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_refuses_exactly_the_settings_that_crash_it(model: Model) -> None:
    expected = {str(settings): certain for name, settings, certain in REFUSED if name == model.name}

    found = {
        str(settings): refusal.certain
        for settings in (settings for _, settings, _ in REFUSED)
        for refusal in model.refuses
        if _holds(refusal.when, {**HARMLESS, **settings})
    }

    assert found == expected
    assert len(model.refuses) == len(expected)


def test_a_model_refuses_nothing_harmless() -> None:
    refused = [model.name for model in MODELS for refusal in model.refuses if _holds(refusal.when, HARMLESS)]

    assert refused == []


def test_formal_charges_are_mandatory_for_the_models_that_start_from_them() -> None:
    names = {model.name for model in MODELS if model.needs_formal_charges}

    assert names == {"LocalSplitCharges", "FixedChargeBaselinedMACE"}


# Terms and weights, first stage and second.
PLAIN = ({"energy_per_atom": 1.0, "forces": 100.0}, {"energy_per_atom": 1000.0, "forces": 100.0})
LOCAL = (
    {"energy_per_atom": 1.0, "forces": 100.0, "atomic_multipoles": 100.0, "dipole_per_atom": 1.0},
    {"energy_per_atom": 1000.0, "forces": 100.0, "atomic_multipoles": 100.0, "dipole_per_atom": 10.0},
)
SELF_CONSISTENT = {
    "forces": 100.0,
    "atomic_multipoles": 100.0,
    "total_charge_per_atom": 1e3,
    "dipole_per_atom": 1e6,
}
WEIGHTS: dict[str, tuple[dict[str, float], ...]] = {
    "MACE": PLAIN,
    "ScaleShiftMACE": PLAIN,
    "FixedChargeBaselinedMACE": PLAIN,
    "LocalSplitCharges": LOCAL,
    "LocalCharges": LOCAL,
    "FixedPoint": (
        {"energy_per_atom": 10.0, **SELF_CONSISTENT},
        {"energy_per_atom": 1000.0, **SELF_CONSISTENT},
    ),
    "MACEQEq": (),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_recommended_weights_are_the_ones_read(name: str) -> None:
    recommended = BY_NAME[name].recommended

    assert [entry.stage for entry in recommended] == ["first", "second"][: len(recommended)]
    assert tuple(dict(entry.terms) for entry in recommended) == WEIGHTS[name]


# Keys a model always has, and keys that an option (or, for FixedPoint, the mode) decides about.
SHARED = {"energy", "forces"}
LOCAL_KEYS = {
    *("energy", "forces", "node_energy", "contributions", "displacement"),
    *("density_coefficients", "dipole", "external_field"),
}
KEYS: dict[str, tuple[set[str], set[str]]] = {
    "MACE": (
        {*SHARED, "node_energy", "contributions", "displacement", "node_feats"},
        {"stress", "virials"},
    ),
    "ScaleShiftMACE": (
        {*SHARED, "node_energy", "interaction_energy", "displacement", "node_feats"},
        {"stress", "virials"},
    ),
    "LocalSplitCharges": (LOCAL_KEYS, {"stress", "virials", "polarizability"}),
    "LocalCharges": (LOCAL_KEYS, {"stress", "virials"}),
    "FixedChargeBaselinedMACE": (LOCAL_KEYS, {"stress", "virials"}),
    "FixedPoint": (
        {
            *(*SHARED, "contributions", "density_coefficients", "dipole", "external_field"),
            *("electrostatic_energy", "electron_energy", "electrostatic_features"),
            "field_independent_charge_density",
        },
        {"fermi_level", "charges_history", "esps", "esps_dft"},
    ),
    "MACEQEq": (
        {*SHARED, "contributions", "density_coefficients", "dipole", "enegs", "qeq_energy"},
        {"hardness"},
    ),
}


@pytest.mark.parametrize("name", KEYS)
def test_output_keys_are_those_of_the_model(name: str) -> None:
    provides = BY_NAME[name].provides
    always = {entry.prediction for entry in provides if not entry.when}

    found = (always, {entry.prediction for entry in provides} - always)

    assert found == KEYS[name]
