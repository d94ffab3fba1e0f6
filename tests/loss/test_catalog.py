"""The catalog's declarations and the engine's arithmetic speak of the same terms."""

from __future__ import annotations

import pytest

from mace_scf.catalog.registry import trainer
from mace_scf.loss.term import registered_terms

DECLARED = {term.name: term for term in trainer("engine").terms}


def test_every_declared_term_has_arithmetic_and_the_reverse() -> None:
    assert DECLARED.keys() == registered_terms().keys()


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_options_have_the_declared_defaults(name: str) -> None:
    declared = {option.name: option.default for option in DECLARED[name].options}

    assert dict(registered_terms()[name].options) == declared


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_terms_read_the_declared_predictions(name: str) -> None:
    assert set(DECLARED[name].predictions) == set(registered_terms()[name].predictions)


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_class_terms_are_the_declared_ones(name: str) -> None:
    assert registered_terms()[name].is_class == (DECLARED[name].form == "class")
