"""What models serve, held against a truth table written by hand over every option that matters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from mace_scf.catalog.model import Carries, Model, Provision
from mace_scf.catalog.models import MODELS
from mace_scf.catalog.option import Condition
from mace_scf.catalog.quantities import QUANTITIES
from mace_scf.catalog.term import Term
from mace_scf.catalog.terms import TERMS

Settings = Mapping[str, Any]
Rule = Callable[[Settings], bool]

BY_NAME = {model.name: model for model in MODELS}
PLAIN = ("MACE", "ScaleShiftMACE")
LOCAL = ("LocalSplitCharges", "LocalCharges", "FixedChargeBaselinedMACE")
ELECTROSTATIC = (*LOCAL, "FixedPoint", "MACEQEq")

VALUES: dict[str, tuple[Any, ...]] = {
    "compute_stress": (False, True),
    "compute_polarizability": (True, False),
    "atomic_multipoles_max_l": (0, 1),
    "return_electrostatic_potentials": (False, True),
    "electrostatic_pbc_method": ("mixed_periodic", "realspace"),
    "train_hardness": (False, True),
}
STAGE_VALUES: dict[str, tuple[Any, ...]] = {
    "mode": ("direct", "unroll_scf", "implicit", "linearize_solve"),
    "constant_charge": (True, False),
    "initial_fermi_level": ("from_data", "zero"),
    "num_scf_steps": (1, 10),
}


def _always(settings: Settings) -> bool:
    return True


def _with_stress(settings: Settings) -> bool:
    return bool(settings["compute_stress"])


def _charges_only(settings: Settings) -> bool:
    return bool(settings["atomic_multipoles_max_l"] == 0)


def _with_polarizability(settings: Settings) -> bool:
    return bool(settings["compute_polarizability"])


def _with_potentials(settings: Settings) -> bool:
    returned = settings["return_electrostatic_potentials"]
    return bool(returned and settings["electrostatic_pbc_method"] != "realspace")


def _with_history(settings: Settings) -> bool:
    return bool(settings["mode"] != "direct" and settings["num_scf_steps"] > 1)


def _never(settings: Settings) -> bool:
    return False


def _each(names: tuple[str, ...], rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(names, rule)


_ALL = _each((*PLAIN, *ELECTROSTATIC), _always)
_STRESS = _each((*PLAIN, *LOCAL), _with_stress)
_CHARGED = _each(ELECTROSTATIC, _always)
_MULTIPOLES: dict[str, Rule] = {
    "LocalSplitCharges": _always,
    "LocalCharges": _always,
    "FixedPoint": _always,
    "FixedChargeBaselinedMACE": _charges_only,
    "MACEQEq": _charges_only,
}
_NONE: dict[str, Rule] = {}

# Term: the models that can serve it, and when.
SERVED: dict[str, dict[str, Rule]] = {
    "energy_per_atom": _ALL,
    "energy_per_atom_huber": _ALL,
    "energy_per_atom_l1": _ALL,
    "forces": _ALL,
    "forces_huber": _ALL,
    "forces_l2norm": _ALL,
    "molecular_forces": _ALL,
    "cluster_virial": _ALL,
    "cluster_virial_per_atom": _ALL,
    "stress": _STRESS,
    "stress_huber": _STRESS,
    "stress_l1": _STRESS,
    "atomic_multipoles": _MULTIPOLES,
    "atomic_multipoles_huber": _MULTIPOLES,
    "total_charge": _CHARGED,
    "total_charge_per_atom": _CHARGED,
    "dipole": _CHARGED,
    "dipole_per_atom": _CHARGED,
    "polarizability": {"LocalSplitCharges": _with_polarizability},
    "fermi_level": {"FixedPoint": _always},
    "fermi_level_per_atom": {"FixedPoint": _always},
    "esps": {"FixedPoint": _with_potentials},
    "field_features": _NONE,
    "fixedpoint_scf_stability": _NONE,
    "final_terms_fixedpoint_scf_stability": {"FixedPoint": _with_history},
    "fermi_level_gradient": _NONE,
    "rho_fftn": _NONE,
    "fourier_density": _NONE,
}

# What a Fermi level carries: mode, constant charge, where it starts.
FERMI: dict[tuple[str, bool, str], Carries] = {
    ("direct", True, "from_data"): Carries.ECHO,
    ("direct", True, "zero"): Carries.ECHO,
    ("direct", False, "from_data"): Carries.ECHO,
    ("direct", False, "zero"): Carries.ECHO,
    ("unroll_scf", True, "from_data"): Carries.GRADIENT,
    ("unroll_scf", True, "zero"): Carries.GRADIENT,
    ("unroll_scf", False, "from_data"): Carries.ECHO,
    ("unroll_scf", False, "zero"): Carries.CONSTANT,
    ("implicit", True, "from_data"): Carries.GRADIENT,
    ("implicit", True, "zero"): Carries.GRADIENT,
    ("implicit", False, "from_data"): Carries.ECHO,
    ("implicit", False, "zero"): Carries.ECHO,
    ("linearize_solve", True, "from_data"): Carries.GRADIENT,
    ("linearize_solve", True, "zero"): Carries.GRADIENT,
    ("linearize_solve", False, "from_data"): Carries.ECHO,
    ("linearize_solve", False, "zero"): Carries.CONSTANT,
}


def _settings_of(model: Model) -> Iterator[dict[str, Any]]:
    values = VALUES | (STAGE_VALUES if model.modes else {})
    for combination in itertools.product(*values.values()):
        yield dict(zip(values, combination, strict=True))


def _holds(when: tuple[Condition, ...], settings: Settings) -> bool:
    return all(condition.holds(settings[condition.option]) for condition in when)


def _active(model: Model, prediction: str, settings: Settings) -> list[Provision]:
    return [entry for entry in model.provisions(prediction) if _holds(entry.when, settings)]


def _serves(model: Model, term: Term, settings: Settings) -> bool:
    return all(
        any(_holds(entry.when, settings) for entry in model.provisions(prediction, term.columns))
        for prediction in term.predictions
    )


def test_the_table_has_a_row_for_every_term() -> None:
    assert set(SERVED) == {term.name for term in TERMS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.name}-{'-'.join(term.trainers)}")
def test_a_model_serves_a_term_exactly_when_the_table_says(term: Term, model: Model) -> None:
    rule = SERVED[term.name].get(model.name, _never)

    wrong = [settings for settings in _settings_of(model) if _serves(model, term, settings) != rule(settings)]

    assert wrong == []


def test_every_prediction_is_provided_by_a_model_or_marked_unproduced() -> None:
    unproduced = {quantity.name for quantity in QUANTITIES if quantity.unproduced}
    provided = {entry.prediction for model in MODELS for entry in model.provides}

    read = {prediction for term in TERMS for prediction in term.predictions}

    assert read <= provided | unproduced
    assert not provided & unproduced


@pytest.mark.parametrize(("mode", "constant_charge", "start"), FERMI)
def test_a_fermi_level_carries_what_the_mode_allows(mode: str, constant_charge: bool, start: str) -> None:
    settings = {"mode": mode, "constant_charge": constant_charge, "initial_fermi_level": start}

    found = [entry.carries for entry in _active(BY_NAME["FixedPoint"], "fermi_level", settings)]

    assert found == [FERMI[mode, constant_charge, start]]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_settings_leave_two_meanings_to_one_output(model: Model) -> None:
    keys = {entry.prediction for entry in model.provides}

    kinds = {
        len({entry.carries for entry in _active(model, key, settings)})
        for settings in _settings_of(model)
        for key in keys
    }

    assert kinds <= {0, 1}


def test_only_these_outputs_carry_no_gradient() -> None:
    found = {
        (model.name, entry.prediction, entry.carries)
        for model in MODELS
        for entry in model.provides
        if entry.carries is not Carries.GRADIENT
    }

    assert found == {
        *((name, "displacement", Carries.CONSTANT) for name in (*PLAIN, *LOCAL)),
        *((name, "external_field", Carries.ECHO) for name in (*LOCAL, "FixedPoint")),
        ("FixedChargeBaselinedMACE", "density_coefficients", Carries.CONSTANT),
        ("FixedChargeBaselinedMACE", "dipole", Carries.CONSTANT),
        ("FixedPoint", "fermi_level", Carries.ECHO),
        ("FixedPoint", "fermi_level", Carries.CONSTANT),
        ("FixedPoint", "charges_history", Carries.DETACHED),
        ("FixedPoint", "esps_dft", Carries.CONSTANT),
        ("MACEQEq", "hardness", Carries.CONSTANT),
    }


def test_whatever_is_no_plain_prediction_gives_its_reason() -> None:
    silent = [
        (model.name, entry.prediction)
        for model in MODELS
        for entry in model.provides
        if entry.carries is not Carries.GRADIENT and not entry.reason
    ]

    assert silent == []


def test_electrostatic_models_are_those_that_predict_charges() -> None:
    names = {model.name for model in MODELS if model.electrostatic}

    assert names == set(ELECTROSTATIC)
    assert names == {model.name for model in MODELS if model.provisions("density_coefficients")}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_recommended_terms_are_served_without_further_options(model: Model) -> None:
    first = {
        "compute_stress": False,
        "compute_polarizability": True,
        "atomic_multipoles_max_l": 1,
        "return_electrostatic_potentials": False,
        "electrostatic_pbc_method": "mixed_periodic",
    }
    recommended = {name for entry in model.recommended for name, _ in entry.terms}
    terms = [term for term in TERMS if term.name in recommended and "upstream" in term.trainers]

    assert {term.name for term in terms} == recommended
    assert all(_serves(model, term, first) for term in terms)
    assert all(entry.source for entry in model.recommended)
