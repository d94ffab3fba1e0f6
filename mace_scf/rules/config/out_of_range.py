"""C112: a number beyond its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import attrs

from ...catalog.option import Option
from ...catalog.trainer import Blocks
from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity, Span
from ..helpers import nearest, replacement, rewrite, yaml_text
from ..rule import Context, StructuralRule
from ._nested import AT_START, nested_values

_LOADING = "the trainer stops while the data are loaded"
_WHEN = {
    "batch_size": _LOADING,
    "valid_batch_size": _LOADING,
    "valid_fraction": _LOADING,
    "low_density_pbc_max_volume_per_atom": _LOADING,
    "eval_interval": "the run dies after its first epoch, dividing by zero",
    "wandb-watch-log-freq": AT_START,
    "lr_factor": "the trainer stops when the optimizer is built, after the data are loaded",
}


@final
class OutOfRange(StructuralRule):
    """A number beyond its limits.

    What it checks: numbers lie within the limits of their option or key, such as a share between 0 and
    1 or a positive cutoff.

    Why it matters: few limits are checked at start-up. `valid_fraction: 1.0` and `batch_size: 0` stop
    the run while the data are loaded; a negative cutoff or learning rate trains something without
    meaning.

    How to fix: give a number within the limits of the message.
    """

    code, slug, severity = "C112", "out-of-range", Severity.ERROR
    after = ("C120", "C121", "C123")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """What schema and conversions found, with the time at which the run would fail, if known."""
        options = {setting.span: setting for setting in context.run.options.values() if setting.node}
        found = tuple(super().check(context))
        inner = _inner(context) if found else {}
        for finding in found:
            option = options.get(finding.span)
            when = _WHEN.get(option.name) if option else None
            finding = attrs.evolve(finding, when=when) if when else finding
            yield attrs.evolve(finding, fix=_likely(context, option, inner.get(finding.span)))


def _inner(context: Context) -> dict[Span | None, Setting[Any]]:
    """Numbers inside stages, by place; of an alias the first."""
    found: dict[Span | None, Setting[Any]] = {}
    for value in nested_values(context):
        found.setdefault(value.setting.span, value.setting)
    return found


def _likely(context: Context, option: Setting[Any] | None, inner: Setting[Any] | None) -> Fix | None:
    """A value within the limits that may have been meant."""
    if option is not None:
        meant = nearest(context.trainer.option_by_name[option.name], _number(option.raw))
        return None if meant is None else replacement(context, option, meant, safe=False)
    declared = None if inner is None else _declared(context.trainer.blocks, inner.name)
    if inner is None or declared is None:
        return None
    meant = nearest(declared, _number(inner.raw))
    return None if meant is None else rewrite(context, inner.span, yaml_text(meant), safe=False)


def _declared(blocks: Blocks, name: str) -> Option | None:
    inside_first = (*blocks.scf, *blocks.fixed_point, *blocks.stage)
    return next((option for option in inside_first if option.name == name), None)


def _number(raw: Any) -> Any:
    """Words of a command line are texts."""
    try:
        return float(raw) if isinstance(raw, str) else raw
    except ValueError:
        return raw
