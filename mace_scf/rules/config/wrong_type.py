"""C110: a value that is not what its key takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, final

import attrs

from ...catalog.option import Kind
from ...config.problems import wrong_type
from ...config.structure import describe
from ...diagnostics import Diagnostic, Fix, Severity, Span
from ...source import Scalar
from ...source.yaml11 import yaml11_value
from ..helpers import replacement, rewrite
from ..rule import Context, StructuralRule
from ._nested import Nested, nested_values
from ._yaml11 import text_for_yaml


@final
class WrongType(StructuralRule):
    """A value that is not what its key takes.

    What it checks: texts, numbers, switches, lists and mappings stand where the trainer wants them.
    At the top level the trainer turns every value into text and converts it; inside nested mappings
    nothing is converted: `constant_charge: 'true'` is a text and `num_scf_steps: 10.0` no whole number.

    Why it matters: the trainer stops at start-up, or, inside a stage, at the first step that uses the value.

    How to fix: write what the message says the key takes.
    """

    code, slug, severity = "C110", "wrong-type", Severity.ERROR
    after = ("C111", "C112", "C120", "C121", "C122", "C123", "C125", "C135", "S101", "S106", "S108", "S109",
             "F113", "D102", "D103")  # fmt: skip

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What schema and conversions found, then what only the trainer's own reading shows."""
        values = tuple(nested_values(context))
        by_place = {
            value.setting.span: value for value in reversed(values)
        }  # there may be hundreds of findings
        for finding in super().check(context):
            yield (
                finding if finding.fix else attrs.evolve(finding, fix=_as_wanted(context, finding, by_place))
            )
        for value in values:
            if value.part == "scf" and value.setting.raw is not None and not value.setting.known:
                yield self._nested(value, context)

    def _nested(self, value: Nested, context: Context) -> Diagnostic:
        setting, wanted = value.setting, _PHRASES.get(value.kind, "a number")
        span = setting.span
        assert span is not None
        finding = wrong_type(setting.name, span, wanted, describe(setting.raw), when=value.when)
        plain = _unquoted(value)
        return attrs.evolve(finding, fix=rewrite(context, span, plain)) if plain else finding


def _as_wanted(context: Context, finding: Diagnostic, nested: Mapping[Span | None, Nested]) -> Fix | None:
    """The same number as the whole number, or without the quotes, that its key wants."""
    for setting in context.run.options.values():
        if setting.node is not None and setting.span == finding.span:
            number = _whole(setting.raw)
            wanted = context.trainer.option_by_name[setting.name].kind is Kind.INTEGER and number is not None
            return replacement(context, setting, number) if wanted else None
    value = nested.get(finding.span)
    node = value.setting.node if value is not None else None
    if value is None or not isinstance(node, Scalar):
        return None
    plain = _number_in_quotes(node, value.kind) or _unquoted(value)
    return rewrite(context, finding.span, plain) if plain else None


def _whole(raw: Any) -> int | None:
    """Words of a command line are texts."""
    try:
        number = float(raw)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if number.is_integer() and not isinstance(raw, bool) else None


def _number_in_quotes(node: Scalar, kind: Kind) -> str:
    """As YAML 1.1 reads it, if it reads a number."""
    value = yaml11_value(node.text) if node.style in ("'", '"') else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return node.text if kind is Kind.NUMBER or isinstance(value, int) else ""


_PHRASES = {Kind.STRICT_BOOLEAN: "true or false without quotes", Kind.INTEGER: "a whole number"}


def _unquoted(value: Nested) -> str:
    """The same value in the type that is wanted, where there is one."""
    raw, node = value.setting.raw, value.setting.node
    if (
        value.kind is Kind.STRICT_BOOLEAN
        and str(raw).lower() in ("true", "false")
        and isinstance(node, Scalar)
    ):
        return str(raw).lower()
    if (
        value.kind is Kind.INTEGER
        and isinstance(raw, float)
        and raw.is_integer()
        and text_for_yaml(node) is None
    ):
        return str(int(raw))
    return ""
