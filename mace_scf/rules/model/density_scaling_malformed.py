"""M112: scales of the charge density under names, or of texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._by_element import malformed


@final
class DensityScalingMalformed(Rule):
    """Scales of the charge density under names, or of texts.

    What it checks: where `atom_density_scaling` is a mapping, its keys are atomic numbers and its values are
    numbers.

    Why it matters: the trainer looks up every element of the data by its atomic number, for every model,
    also for those that never use the scale. A scale under the symbol of the element is a KeyError while the
    model is built, after the data were loaded.

    How to fix: write atomic numbers: `8: 1.0` for oxygen.
    """

    code, slug, severity = "M112", "density-scaling-malformed", Severity.ERROR
    after = ("C147", "C120")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for the keys, one for each value."""
        setting = context.run.option("atom_density_scaling")
        if setting.given and isinstance(setting.value, dict):
            yield from malformed(self, context, setting, "the density scale")
