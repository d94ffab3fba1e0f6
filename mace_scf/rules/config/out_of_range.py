"""C112: a number beyond its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import attrs

from ...diagnostics import Diagnostic, Fix, Severity
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
        options = {setting.span: setting.name for setting in context.run.options.values() if setting.node}
        for finding in super().check(context):
            when = _WHEN.get(options.get(finding.span, ""))
            finding = attrs.evolve(finding, when=when) if when else finding
            yield attrs.evolve(finding, fix=_likely(context, finding))


def _likely(context: Context, finding: Diagnostic) -> Fix | None:
    """A value within the limits that may have been meant."""
    blocks = context.trainer.blocks
    nested = {option.name: option for option in (*blocks.stage, *blocks.fixed_point, *blocks.scf)}
    for setting in context.run.options.values():
        if setting.span == finding.span and setting.node is not None:
            meant = nearest(context.trainer.option_by_name[setting.name], _number(setting.raw))
            return None if meant is None else replacement(context, setting, meant, safe=False)
    for value in nested_values(context):
        if value.setting.span == finding.span and value.setting.name in nested:
            meant = nearest(nested[value.setting.name], _number(value.setting.raw))
            return None if meant is None else rewrite(context, finding.span, yaml_text(meant), safe=False)
    return None


def _number(raw: Any) -> Any:
    """Words of a command line are texts."""
    try:
        return float(raw) if isinstance(raw, str) else raw
    except ValueError:
        return raw
