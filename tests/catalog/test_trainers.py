"""The trainer versions: complete, consistent with themselves, and built only when asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from mace_scf.catalog.option import Condition, Kind, Option, State
from mace_scf.catalog.registry import UnknownTrainerError, trainer, trainer_names, trainers
from mace_scf.catalog.trainer import Trainer
from mace_scf.errors import MaceScfError
from tests.catalog.test_terms import ROBUST

TRAINERS = pytest.mark.parametrize("version", trainers(), ids=lambda version: version.name)
BOOLEANS = {Kind.BOOLEAN_WORD, Kind.STRICT_BOOLEAN, Kind.FLAG, Kind.FLAG_OFF}


def _options(version: Trainer) -> dict[str, Option]:
    blocks = (version.blocks.stage, version.blocks.fixed_point, version.blocks.scf)
    nested = {option.name: option for block in blocks for option in block}
    return {**nested, **version.option_by_name}


def _model_conditions(version: Trainer) -> Iterator[Condition]:
    for model in version.models:
        for when in (
            *(entry.when for entry in model.provides),
            *(entry.when for entry in model.conserves),
            *(entry.when for entry in model.inputs),
            *(entry.when for entry in model.refuses),
            *(when for _, when in model.conditional_groups),
        ):
            yield from when


def _option_conditions(version: Trainer) -> Iterator[Condition]:
    for option in _options(version).values():
        yield from (*option.only_if, *option.not_if)


def test_there_are_three_versions_and_upstream_is_the_default() -> None:
    names = [version.name for version in trainers()]

    assert names == ["upstream", "engine", "upstream-old"]
    assert trainer_names() == ("upstream", "engine", "upstream-old")
    assert trainer().name == "upstream"


def test_a_version_is_built_once() -> None:
    assert trainer("engine") is trainer("engine")


def test_an_unknown_version_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownTrainerError, match="upstream or engine or upstream-old") as caught:
        trainer("upsteam")

    assert isinstance(caught.value, MaceScfError)
    assert (caught.value.name, caught.value.known) == ("upsteam", ("upstream", "engine", "upstream-old"))


def test_only_the_engine_is_lenient_about_weights_and_early_about_names() -> None:
    manners = {
        version.name: (version.integer_weights, version.bare_class_terms, version.term_check)
        for version in trainers()
    }

    strict = (False, False, "stage start")
    assert manners == {"upstream": strict, "engine": (True, True, "start-up"), "upstream-old": strict}


def test_the_robust_variants_belong_to_the_engine() -> None:
    added = set(trainer("engine").term_by_name) - set(trainer("upstream").term_by_name)

    assert {trainer("engine").term_by_name[name].family for name in added} == {"robust"}
    assert added == ROBUST


def test_the_older_version_differs_as_was_read() -> None:
    old, new = trainer("upstream-old"), trainer("upstream")
    states = {
        name: (old.option_by_name[name].state, new.option_by_name[name].state)
        for name in ("log-all-ranks", "scf-convergence-summary", "skip-scf-convergence-summary")
    }

    defaults = {
        name: old.option_by_name[name].default for name in ("kspace_cutoff_factor", "field_feature_norms")
    }

    assert defaults == {"kspace_cutoff_factor": 1.25, "field_feature_norms": "None"}
    assert set(states.values()) == {(State.REMOVED, State.USED), (State.USED, State.REMOVED)}
    assert states["skip-scf-convergence-summary"][0] is State.USED
    assert len(old.terms) == 19
    assert {term.name for term in new.terms} - {term.name for term in old.terms} == {
        "rho_fftn",
        "fourier_density",
    }
    assert {method.name for method in new.boundary_methods} - {
        method.name for method in old.boundary_methods
    } == {"auto"}


@TRAINERS
def test_no_name_occurs_twice(version: Trainer) -> None:
    for names in (
        [term.name for term in version.terms],
        [model.name for model in version.models],
        [quantity.name for quantity in version.quantities],
        [spelling for option in version.options for spelling in option.spellings],
    ):
        assert len(names) == len(set(names))


@TRAINERS
def test_the_trainer_needs_what_its_parser_needs_and_a_train_file(version: Trainer) -> None:
    required = {option.name for option in version.options if option.required}

    assert required == {*version.required, "train_file"}


@TRAINERS
def test_the_model_option_offers_the_models(version: Trainer) -> None:
    choices = version.option_by_name["model"].choices

    assert set(choices) == set(version.model_by_name)


@TRAINERS
def test_the_boundary_option_offers_the_methods(version: Trainer) -> None:
    choices = version.option_by_name["electrostatic_pbc_method"].choices

    assert set(choices) == {method.name for method in version.boundary_methods}


@TRAINERS
def test_the_modes_of_a_model_are_those_of_a_stage(version: Trainer) -> None:
    choices = _options(version)["mode"].choices

    assert version.model_by_name["FixedPoint"].modes == choices


@TRAINERS
def test_every_condition_asks_an_option_that_exists(version: Trainer) -> None:
    known = set(_options(version))
    asked = {condition.option for condition in (*_model_conditions(version), *_option_conditions(version))}

    assert asked <= known


@TRAINERS
def test_every_condition_names_values_that_the_option_can_have(version: Trainer) -> None:
    options = _options(version)

    wrong = [
        condition.text
        for condition in (*_model_conditions(version), *_option_conditions(version))
        for value in condition.values
        if not _possible(options[condition.option], value)
    ]

    assert wrong == []


def _possible(option: Option, value: Any) -> bool:
    if value is None:
        return option.default is None
    if option.choices:
        return value in option.choices
    return isinstance(value, bool) == (option.kind in BOOLEANS)


@TRAINERS
def test_error_tables_need_outputs_that_are_quantities(version: Trainer) -> None:
    needed = {name for table in version.error_tables for name in table.needs}

    assert needed <= set(version.quantity_by_name)


@TRAINERS
def test_conditions_among_the_options_of_a_term_stay_within_it(version: Trainer) -> None:
    strays = [
        (term.name, condition.option)
        for term in version.terms
        for option in term.options
        for condition in (*option.only_if, *option.not_if)
        if condition.option not in {sibling.name for sibling in term.options}
    ]

    assert strays == []


@TRAINERS
def test_learning_rate_groups_come_once_each(version: Trainer) -> None:
    groups = version.parameter_groups

    assert len(groups) == len(set(groups)) == 12
    assert groups[0] == "embedding"


def test_importing_the_catalog_builds_no_data() -> None:
    code = (
        "import sys, mace_scf.catalog, mace_scf.catalog.registry as registry;"
        "early = [name for name in sys.modules if name.startswith('mace_scf.catalog.')];"
        "registry.trainers();"
        "late = [name for name in sys.modules if name.startswith('mace_scf.catalog.')];"
        "print(len(early), 'mace_scf.catalog.terms' in early, 'mace_scf.catalog.terms' in late)"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.split() == ["6", "False", "True"]


def test_the_catalog_needs_no_numeric_library() -> None:
    code = (
        "import sys; from mace_scf.catalog.registry import trainers; trainers();"
        "print(sorted({'torch', 'numpy', 'scipy', 'ase', 'matplotlib'} & set(sys.modules)))"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
