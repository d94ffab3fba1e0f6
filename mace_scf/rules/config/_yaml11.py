"""How a number must be written so that YAML 1.1 reads the number that is meant."""

from __future__ import annotations

import re

from ...catalog.option import is_number
from ...diagnostics import Span
from ...source import Node, Scalar

_EXPONENT = re.compile(r"([-+]?)(\d+\.?\d*|\.\d+)[eE]([-+]?)(\d+)")
_OCTAL = re.compile(r"[-+]?0[0-7_]+")


def text_for_yaml(node: Node | None) -> float | int | None:
    """The number that a person sees where YAML 1.1 reads a text; None for everything else."""
    if not isinstance(node, Scalar) or not node.is_plain or not isinstance(node.trainer_value, str):
        return None
    value = node.editor_value
    return value if is_number(value) else None


def readable(text: str) -> str:
    """The same number in the spelling that YAML 1.1 takes for one.

    >>> readable("1e-3"), readable("2E4"), readable("1.5e3"), readable(".5e-1")
    ('1.0e-3', '2.0e+4', '1.5e+3', '0.5e-1')
    """
    match = _EXPONENT.fullmatch(text)
    if match is None:
        return repr(float(text)) if not text.startswith("0o") else str(int(text, 0))
    sign, digits, exponent_sign, exponent = match.groups()
    whole, _, fraction = digits.partition(".")
    return f"{sign}{whole or '0'}.{fraction or '0'}e{exponent_sign or '+'}{exponent}"


def is_octal(node: Scalar) -> bool:
    """A whole number with a leading zero, which YAML 1.1 reads in base eight."""
    return node.is_plain and _OCTAL.fullmatch(node.text) is not None and isinstance(node.trainer_value, int)


def is_sexagesimal(node: Scalar) -> bool:
    """Numbers between colons, which YAML 1.1 reads in base sixty."""
    number = isinstance(node.trainer_value, int | float)
    return node.is_plain and ":" in node.text and number


def exact(node: Node, span: Span | None) -> bool:
    """Whether the place holds just these characters: not so inside a quoted literal."""
    return (
        isinstance(node, Scalar)
        and span is not None
        and span.line == span.end_line
        and span.end_column - span.column == len(node.text)
    )
