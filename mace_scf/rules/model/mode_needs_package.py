"""M111: a training mode that needs another package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule

_PACKAGES = {"implicit": "torchopt"}


@final
class ModeNeedsPackage(Rule):
    """A training mode that needs another package.

    What it checks: whether a stage is in mode implicit, which needs the package torchopt. What is installed
    where the run will happen is not known here, so this is a fact to confirm.

    Why it matters: the trainer imports the package when it comes to the mode, and stops without it.

    How to fix: install torchopt in the environment of the training.
    """

    code, slug, severity = "M111", "mode-needs-package", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per package, at the first stage that needs it."""
        seen: set[str] = set()
        for stage in context.run.stages:
            package = _PACKAGES.get(str(stage.mode.value)) if stage.mode.known else None
            if package is None or package in seen:
                continue
            seen.add(package)
            yield self.finding(
                f"`mode: {stage.mode.value}` needs the package {package}",
                span=stage.mode.span,
                when="training stops where the package is not installed",
                help=f"make sure that {package} is installed where the training runs",
            )
