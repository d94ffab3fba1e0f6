"""C112: a number beyond its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, StructuralRule
from ._nested import AT_START

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
            yield attrs.evolve(finding, when=when) if when else finding
