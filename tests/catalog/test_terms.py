"""Loss terms against a hand-written copy of the facts: names, weights honoured, units, options."""

from __future__ import annotations

import pytest

from mace_scf.catalog.option import Kind
from mace_scf.catalog.quantities import QUANTITIES
from mace_scf.catalog.term import Term
from mace_scf.catalog.terms import TERMS

DOCUMENTED = {
    *("energy_per_atom", "forces", "stress"),
    *("atomic_multipoles", "total_charge", "total_charge_per_atom", "dipole", "dipole_per_atom"),
    *("polarizability", "fermi_level", "fermi_level_per_atom", "esps"),
    *("cluster_virial", "cluster_virial_per_atom", "molecular_forces"),
}
UPSTREAM = DOCUMENTED | {
    *("field_features", "final_terms_fixedpoint_scf_stability", "fermi_level_gradient"),
    *("fixedpoint_scf_stability", "rho_fftn", "fourier_density"),
}
ROBUST = {
    *("energy_per_atom_huber", "forces_huber", "stress_huber", "atomic_multipoles_huber"),
    *("energy_per_atom_l1", "forces_l2norm", "stress_l1"),
}

# Name: weight honoured, config weight honoured, place of the division by atoms, unit.
WEIGHTS: dict[str, tuple[str, bool, str, str]] = {
    "energy_per_atom": ("energy", True, "inside", "(eV/atom)²"),
    "forces": ("forces", True, "", "(eV/Å)²"),
    "stress": ("stress", True, "", "(eV/Å³)²"),
    "atomic_multipoles": ("atomic_multipoles", True, "", "e², (e·Å)²"),
    "total_charge": ("", True, "", "e²"),
    "total_charge_per_atom": ("", True, "inside", "(e/atom)²"),
    "dipole": ("dipole", True, "", "(e·Å)²"),
    "dipole_per_atom": ("dipole", True, "inside", "(e·Å/atom)²"),
    "polarizability": ("polarizability", True, "inside", "(e·Å²/V/atom)²"),
    "fermi_level": ("", True, "", "V²"),
    "fermi_level_per_atom": ("", True, "inside", "(V/atom)²"),
    "esps": ("electrostatic_potentials", True, "", "V²"),
    "field_features": ("electrostatic_potentials", True, "", ""),
    "cluster_virial": ("molID", True, "", "eV²"),
    "cluster_virial_per_atom": ("molID", True, "outside", "eV²/atom"),
    "molecular_forces": ("forces", True, "outside", "(eV/Å)²/atom"),
    "fermi_level_gradient": ("", False, "", "e/V"),
    "final_terms_fixedpoint_scf_stability": ("", False, "", "e, e·Å"),
    "fixedpoint_scf_stability": ("", False, "", ""),
    "rho_fftn": ("", False, "", "e²·Å"),
    "fourier_density": ("", False, "", "e²"),
    "energy_per_atom_huber": ("energy", True, "inside", "(eV/atom)²"),
    "forces_huber": ("forces", True, "", "(eV/Å)²"),
    "stress_huber": ("stress", True, "", "(eV/Å³)²"),
    "atomic_multipoles_huber": ("atomic_multipoles", True, "", "e², (e·Å)²"),
    "energy_per_atom_l1": ("energy", True, "inside", "eV/atom"),
    "forces_l2norm": ("forces", True, "", "eV/Å"),
    "stress_l1": ("stress", True, "", "eV/Å³"),
}

# What the engine honours beyond the upstream trainer.
ENGINE_WEIGHTS: dict[str, tuple[str, bool]] = {
    "fermi_level": ("fermi_level", True),
    "fermi_level_per_atom": ("fermi_level", True),
    "fermi_level_gradient": ("", True),
    "final_terms_fixedpoint_scf_stability": ("", True),
    "fixedpoint_scf_stability": ("", True),
    "rho_fftn": ("", True),
    "fourier_density": ("", True),
}

# Name: predictions read, references read.
READS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "energy_per_atom": (("energy",), ("energy",)),
    "forces": (("forces",), ("forces",)),
    "stress": (("stress",), ("stress",)),
    "atomic_multipoles": (("density_coefficients",), ("atomic_multipoles",)),
    "total_charge": (("density_coefficients",), ("total_charge",)),
    "total_charge_per_atom": (("density_coefficients",), ("total_charge",)),
    "dipole": (("dipole",), ("dipole",)),
    "dipole_per_atom": (("dipole",), ("dipole",)),
    "polarizability": (("polarizability",), ("polarizability",)),
    "fermi_level": (("fermi_level",), ("fermi_level",)),
    "fermi_level_per_atom": (("fermi_level",), ("fermi_level",)),
    "esps": (("esps", "esps_dft"), ("atomic_multipoles",)),
    "field_features": (("feats_no_mu_model", "feats_no_mu_dft"), ("atomic_multipoles",)),
    "cluster_virial": (("forces",), ("forces", "molID")),
    "cluster_virial_per_atom": (("forces",), ("forces", "molID")),
    "molecular_forces": (("forces",), ("forces", "molID")),
    "fermi_level_gradient": (("dq_dmu",), ()),
    "final_terms_fixedpoint_scf_stability": (("charges_history",), ()),
    "fixedpoint_scf_stability": (("perturbing_vector", "perturbed_density"), ()),
    "rho_fftn": (("rho_fftn", "rho_fftn_dft", "k_vectors_normed_squared"), ("rho_fftn",)),
    "fourier_density": (
        ("rho_fftn", "rho_fftn_dft", "k_vectors_normed_squared", "k_vectors_mask"),
        ("rho_fftn",),
    ),
    "energy_per_atom_huber": (("energy",), ("energy",)),
    "forces_huber": (("forces",), ("forces",)),
    "stress_huber": (("stress",), ("stress",)),
    "atomic_multipoles_huber": (("density_coefficients",), ("atomic_multipoles",)),
    "energy_per_atom_l1": (("energy",), ("energy",)),
    "forces_l2norm": (("forces",), ("forces",)),
    "stress_l1": (("stress",), ("stress",)),
}

# Term: option, default.
OPTIONS: dict[str, dict[str, object]] = {
    "fixedpoint_scf_stability": {"smooth": True, "beta": 10.0, "offset": 1.0},
    "fourier_density": {"form": "poly", "alpha": 1.0, "k_min": 1.0},
    "energy_per_atom_huber": {"huber_delta": 0.01},
    "forces_huber": {"huber_delta": 0.01},
    "stress_huber": {"huber_delta": 0.01},
    "atomic_multipoles_huber": {"huber_delta": 0.01},
}


def _terms_of(trainer: str) -> dict[str, Term]:
    return {term.name: term for term in TERMS if trainer in term.trainers}


def test_the_upstream_trainer_has_its_21_terms() -> None:
    names = set(_terms_of("upstream"))

    assert len(names) == 21
    assert names == UPSTREAM


def test_the_engine_has_the_robust_variants_too() -> None:
    names = set(_terms_of("engine"))

    assert names == UPSTREAM | ROBUST


@pytest.mark.parametrize("trainer", ["upstream", "engine"])
def test_no_name_occurs_twice_in_one_trainer(trainer: str) -> None:
    names = [term.name for term in TERMS if trainer in term.trainers]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("trainer", ["upstream", "engine"])
def test_a_term_honours_the_weights_that_its_trainer_honours(trainer: str, name: str) -> None:
    weight_of, config_weight, per_atom, unit = WEIGHTS[name]
    honoured = ENGINE_WEIGHTS.get(name) if trainer == "engine" else None

    found = [
        (term.weight_of, term.config_weight, term.per_atom, term.unit)
        for term in TERMS
        if term.name == name and trainer in term.trainers
    ]

    expected = (*(honoured or (weight_of, config_weight)), per_atom, unit)
    assert found == ([expected] if trainer == "engine" or name in UPSTREAM else [])


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.name}-{'-'.join(term.trainers)}")
def test_a_formula_names_the_weights_that_are_honoured(term: Term) -> None:
    assert ("of w ·" in term.formula) == term.config_weight
    assert (f"w_{term.weight_of} ·" in term.formula) == bool(term.weight_of)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.name}-{'-'.join(term.trainers)}")
def test_a_term_reads_what_the_code_reads(term: Term) -> None:
    found = (term.predictions, term.references)

    assert found == READS[term.name]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.name}-{'-'.join(term.trainers)}")
def test_options_and_defaults_are_those_of_the_code(term: Term) -> None:
    found = {option.name: option.default for option in term.options}

    assert found == OPTIONS.get(term.name, {})
    assert (term.form == "class") == bool(found)


def test_every_name_that_a_term_uses_is_a_quantity() -> None:
    known = {quantity.name for quantity in QUANTITIES}

    used = {name for term in TERMS for name in (term.quantity, *term.predictions, *term.references)}

    assert used <= known


def test_a_weight_that_is_honoured_exists() -> None:
    weighted = {quantity.name for quantity in QUANTITIES if quantity.weight is not None}

    honoured = {term.weight_of for term in TERMS if term.weight_of}

    assert honoured <= weighted


def test_a_reference_can_be_mapped() -> None:
    mapped = {quantity.name for quantity in QUANTITIES if quantity.container is not None}

    assert {name for term in TERMS for name in term.references} <= mapped


def test_only_the_cut_history_trains_nothing() -> None:
    without = {term.name for term in TERMS if not term.gradient}

    assert without == {"final_terms_fixedpoint_scf_stability"}


def test_charge_terms_are_content_with_the_charges() -> None:
    names = {term.name for term in TERMS if term.columns == "charges"}

    assert names == {"total_charge", "total_charge_per_atom"}


def test_a_variant_names_a_plain_term_of_the_same_quantity() -> None:
    upstream = _terms_of("upstream")
    variants = [term for term in TERMS if term.base]

    assert {term.name for term in variants} == ROBUST
    for term in variants:
        plain = upstream[term.base]
        assert (term.predictions, term.references, term.weight_of, term.per_atom) == (
            plain.predictions,
            plain.references,
            plain.weight_of,
            plain.per_atom,
        )


def test_smooth_false_is_refused_where_it_crashes() -> None:
    choices = {
        trainer: _options(trainer, "fixedpoint_scf_stability")["smooth"] for trainer in ("upstream", "engine")
    }

    assert choices == {"upstream": (True,), "engine": ()}


def test_the_forms_of_the_fourier_density_are_three() -> None:
    choices = _options("upstream", "fourier_density")["form"]

    assert choices == ("poly", "gaussian", "exponential")


def _options(trainer: str, term: str) -> dict[str, tuple[object, ...]]:
    return {option.name: option.choices for option in _terms_of(trainer)[term].options}


def test_choices_are_explained_one_by_one() -> None:
    options = [option for term in TERMS for option in term.options if option.kind is Kind.STRING]

    assert [len(option.choice_docs) for option in options] == [len(option.choices) for option in options]


@pytest.mark.parametrize("name", ["esps", "field_features"])
def test_a_note_says_that_mapped_potentials_are_never_used(name: str) -> None:
    note = _terms_of("upstream")[name].note

    assert "electrostatic_potentials" in note
    assert "never used" in note


def test_a_note_says_that_plain_models_serve_stress() -> None:
    note = _terms_of("upstream")["stress"].note

    assert "ScaleShiftMACE" in note
    assert "documentation" in note


def test_every_text_ends_as_a_sentence_and_every_term_has_a_source() -> None:
    lacking = [
        term.name for term in TERMS if not term.doc.endswith(".") or not term.source or not term.formula
    ]

    assert lacking == []
