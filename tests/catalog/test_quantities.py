"""Quantities against a hand-written copy of the facts, and against ASE's own list of names."""

from __future__ import annotations

import pytest
from ase.calculators.calculator import all_properties

from mace_scf.catalog.models import MODELS
from mace_scf.catalog.outputs import OUTPUTS
from mace_scf.catalog.quantities import QUANTITIES

BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}
LABELS = [quantity for quantity in QUANTITIES if quantity.container is not None]

# What the trainer's reader moves out of a frame beyond ASE's properties.
ASE_COLUMNS = {"energies", "forces", "stresses", "charges", "magmoms", "born_effective_charges"}
ASE_ENTRIES = {"energy", "free_energy", "stress", "dipole", "magmom", "polarization", "dielectric_tensor"}

# Weight when `heads` does not name the quantity, and when a frame lacks its key; values are always 0.
MISSING: dict[str, tuple[float | None, float | None]] = {
    "energy": (0.0, 0.0),
    "forces": (0.0, 0.0),
    "stress": (0.0, 0.0),
    "virials": (1.0, 0.0),
    "dipole": (1.0, 0.0),
    "polarizability": (0.0, 0.0),
    "charges": (1.0, 0.0),
    "atomic_multipoles": (1.0, 0.0),
    "fermi_level": (1.0, 0.0),
    "electrostatic_potentials": (1.0, 0.0),
    "molID": (0.0, 0.0),
    "total_charge": (None, None),
    "external_field": (None, None),
    "enegs": (None, None),
    "hardness": (None, None),
    "elec_temp": (None, None),
    "total_spin": (None, None),
    "rho_fftn": (None, None),
    "head": (None, None),
}

ARRAYS = {"forces", "charges", "atomic_multipoles", "electrostatic_potentials", "molID", "enegs", "hardness"}

# Attribute of the value and of the weight in a collated batch, where they are not `name` and `name_weight`.
BATCH = {
    "atomic_multipoles": ("density_coefficients", "density_coefficients_weight"),
    "molID": ("cluster_batch", "cluster_loss_weight"),
}


def test_the_labels_are_those_that_the_trainer_knows() -> None:
    names = {quantity.name for quantity in LABELS}

    assert names == set(MISSING)


def test_no_name_occurs_twice() -> None:
    names = [quantity.name for quantity in QUANTITIES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_label_becomes_what_the_trainer_makes_of_it(name: str) -> None:
    quantity = BY_NAME[name]

    found = (quantity.unmapped, quantity.absent)

    unmapped, absent = MISSING[name]
    assert found == ((0.0, unmapped), (0.0, absent))


@pytest.mark.parametrize("name", MISSING)
def test_a_label_is_searched_in_one_map(name: str) -> None:
    quantity = BY_NAME[name]

    assert quantity.container == ("arrays_keys" if name in ARRAYS else "info_keys")
    assert quantity.per == ("atom" if name in ARRAYS else "frame")
    assert quantity.shape.startswith("[N") == (name in ARRAYS)


@pytest.mark.parametrize("name", MISSING)
def test_a_weight_entry_exists_exactly_where_a_weight_does(name: str) -> None:
    quantity = BY_NAME[name]
    weighted = MISSING[name][1] is not None
    _, batch_weight = BATCH.get(name, ("", f"{name}_weight"))

    assert quantity.weight == (f"config_{name}_weight" if weighted else None)
    assert quantity.batch_weight == (batch_weight if weighted else "")


@pytest.mark.parametrize("name", MISSING)
def test_a_batch_keeps_a_label_under_its_own_name_but_for_two(name: str) -> None:
    attribute, _ = BATCH.get(name, ("", ""))

    assert BY_NAME[name].batch == attribute


@pytest.mark.parametrize("name", MISSING)
def test_a_safe_key_is_left_alone_by_ase_and_trainer(name: str) -> None:
    key = BY_NAME[name].safe_key

    assert key
    assert key not in {*ASE_COLUMNS, *ASE_ENTRIES, *all_properties, "virial", "none"}


def test_safe_keys_differ() -> None:
    keys = [quantity.safe_key for quantity in LABELS]

    assert len(keys) == len(set(keys))


def test_outputs_are_no_labels() -> None:
    places = [(output.container, output.safe_key, output.weight) for output in OUTPUTS]

    assert set(places) == {(None, "", None)}


def test_every_output_of_a_model_is_a_quantity() -> None:
    provided = {entry.prediction for model in MODELS for entry in model.provides}

    assert provided <= set(BY_NAME)


def test_a_quantity_is_marked_unproduced_exactly_if_no_model_has_it() -> None:
    provided = {entry.prediction for model in MODELS for entry in model.provides}
    # Labels that are inputs, never predicted and never asked of a model.
    inputs = set(MISSING) - {
        "energy",
        "forces",
        "stress",
        "virials",
        "dipole",
        "polarizability",
        "fermi_level",
    }
    inputs -= {"enegs", "hardness", "external_field", "rho_fftn", "electrostatic_potentials"}

    marked = {quantity.name for quantity in QUANTITIES if quantity.unproduced}

    assert marked == set(BY_NAME) - provided - inputs
    assert marked == {
        "electrostatic_potentials",
        "rho_fftn",
        "rho_fftn_dft",
        "k_vectors_normed_squared",
        "k_vectors_mask",
        "k_vectors_grid_shape",
        "perturbing_vector",
        "perturbed_density",
        "feats_no_mu_model",
        "feats_no_mu_dft",
        "dq_dmu",
        "loss_weight_modifier",
    }


def test_every_text_ends_as_a_sentence() -> None:
    unfinished = [quantity.name for quantity in QUANTITIES if not quantity.doc.endswith(".")]

    assert unfinished == []
