"""F110: a linear solver that the mode does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...config import FixedPointOptions, Stage
from ...diagnostics import Diagnostic, Severity
from ..helpers import rewrite
from ..rule import Context, Rule
from ._blocks import blocks_in_use

_SOLVERS = {"implicit": ("inverse", "normal_cg"), "linearize_solve": ("inverse",)}
_THEN = {
    "implicit": "training stops at the first batch whose iterations converge, after the model is built",
    "linearize_solve": "every batch silently falls back to an unroll of 15 steps, with a warning in the log",
}


@final
class LinearSolveUnusable(Rule):
    """A linear solver that the mode does not have.

    What it checks: `linear_solve` is inverse or normal_cg in mode implicit, and inverse in mode
    linearize_solve.

    Why it matters: nothing checks the name at start-up. In implicit, another solver is a ValueError at
    the first batch that converges well enough to need it. In linearize_solve the exception is caught, and
    every batch of the run is trained by a 15-step unroll instead.

    How to fix: write `inverse`, or remove the line.
    """

    code, slug, severity = "F110", "linear-solve-unusable", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage."""
        for stage, block, _ in blocks_in_use(context):
            solvers = _SOLVERS.get(str(block.mode.value)) if block.mode.known else None
            if solvers and block.linear_solve.known and block.linear_solve.value not in solvers:
                yield self._unusable(context, stage, block, solvers)

    def _unusable(
        self, context: Context, stage: Stage, block: FixedPointOptions, solvers: tuple[str, ...]
    ) -> Diagnostic:
        mode, found = str(block.mode.value), str(block.linear_solve.value)
        near = suggest(found, solvers)
        only = " or ".join(f"`{name}`" for name in solvers)
        return self.finding(
            f"`{mode}` cannot solve by `linear_solve: {found}`",
            span=block.linear_solve.span,
            labels=block.mode.label(),
            when=f"{stage.title}: {_THEN[mode]}",
            help=f"write {only}",
            suggestions=near,
            fix=rewrite(context, block.linear_solve.span, solvers[0]) if len(solvers) == 1 else None,
        )
