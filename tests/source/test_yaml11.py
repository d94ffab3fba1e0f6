"""Our reading of YAML 1.1 scalars is PyYAML's, which is the trainer's."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.source.yaml11 import yaml11_value, yaml12_value

TRAPS = """1e-3 1e3 1.0e3 1.0e-3 1.0e+3 1E-3 .5 -.5 +.5 5. 1_000 1_000.5 010 0o10 08 0x1F 0b101 -0 +1 1:30 1:30:15 1:30.5
on On ON oN off Off OFF yes Yes no No y n true True TRUE tRUE false null Null NULL ~ nan .nan .NaN .NAN inf .inf -.inf +.Inf
2024-01-02 None 1e 1e5 1.e5 1.e+5 _1 1_ - + . .. 1,000 0 00 007 1__0 0x 0b 0b_ 0x_ 12e03 -1e-7 = <<""".split()


def pyyaml_value(text: str) -> Any:
    return yaml.safe_load(f"- {text}\n")[0]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("text", [trap for trap in TRAPS if trap not in ("-", "=", "<<", "0b_", "0x_")])
def test_traps_are_read_as_pyyaml_reads_them(text: str) -> None:
    expected = pyyaml_value(text)

    value = yaml11_value(text)

    assert same(value, expected)


@given(st.text("0123456789+-_.:eExobfFnaiINFA", min_size=1, max_size=12))
def test_any_number_like_word_is_read_as_pyyaml_reads_it(text: str) -> None:
    try:
        expected = pyyaml_value(text)
    except (yaml.YAMLError, ValueError):
        return
    if not isinstance(expected, bool | int | float | str | None):
        return

    assert same(yaml11_value(text), expected) or not isinstance(expected, int | float | None | bool)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 1e-3), ("on", "on"), ("010", 10), ("0o10", 8), (".5", 0.5), ("1_000", "1_000"), ("True", True),
     ("null", None), ("0x1F", 31), ("-.inf", -math.inf), ("1:30", "1:30"), ("+12", 12), ("5.", 5.0)],
)  # fmt: skip
def test_editors_read_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    assert same(yaml12_value(text), value)


def test_a_number_of_many_digits_is_no_crash() -> None:
    digits = "9" * 5000

    assert yaml11_value(digits) == digits
    assert yaml12_value(digits) == digits
