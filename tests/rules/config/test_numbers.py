"""Numbers in the spelling that YAML 1.1 takes for numbers, against PyYAML itself."""

from __future__ import annotations

import math

import yaml
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.diagnostics import Span
from mace_scf.rules.config._yaml11 import readable, text_for_yaml
from mace_scf.source import Scalar

signs = st.sampled_from(["", "+", "-"])
digits = st.text("0123456789", min_size=1, max_size=6)
mantissas = st.one_of(
    digits, st.builds("{}.{}".format, digits, digits), digits.map(lambda d: f".{d}"), digits.map("{}.".format)
)
texts = st.builds(
    "{}{}{}{}{}".format, signs, mantissas, st.sampled_from("eE"), signs, st.integers(0, 40).map(str)
)


@given(texts)
def test_the_better_spelling_is_the_same_number_for_pyyaml(text: str) -> None:
    better = yaml.safe_load(readable(text))

    assert isinstance(better, float)
    assert math.isclose(better, float(text), rel_tol=1e-15) or better == float(text)


@given(texts)
def test_a_text_for_pyyaml_is_found_and_nothing_else(text: str) -> None:
    node = Scalar(text, "", Span("c.yaml"))

    found = text_for_yaml(node)

    assert (found is not None) == isinstance(yaml.safe_load(f"a: {text}")["a"], str)
