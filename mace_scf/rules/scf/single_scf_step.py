"""F112: iterations of which none happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import FixedPointOptions, Stage
from ...diagnostics import Diagnostic, Severity
from ..helpers import rewrite, stage_begins
from ..rule import Context, Rule
from ._blocks import blocks_in_use, field_block

_SILENT = {
    "implicit": "the last change counts as infinite, so every batch silently becomes an unroll of 10 steps",
    "linearize_solve": "the model is linearised about the initial density, however far it is from converged",
    "unroll_scf": "the readouts see the initial density alone",
}


@final
class SingleScfStep(Rule):
    """Iterations of which none happens.

    What it checks: `num_scf_steps` is 2 or more. The first step is the initial guess, so 1 makes none.

    Why it matters: in unroll_scf there are then no potential features, and a readout that uses them, the
    default one among them, crashes at the first batch of the stage. In implicit every batch silently falls
    back to a 10-step unroll. In linearize_solve the model is linearised about the initial guess.

    How to fix: write 2 or more; iterations usually need about ten.
    """

    code, slug, severity = "F112", "single-scf-step", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per stage: an error where the readout is known to crash."""
        for stage, block, _ in blocks_in_use(context):
            if block.scf is None or not block.scf.num_scf_steps.is_known(1) or not block.mode.known:
                continue
            if str(block.mode.value) in _SILENT:
                yield self._single(context, stage, block)

    def _single(self, context: Context, stage: Stage, block: FixedPointOptions) -> Diagnostic:
        assert block.scf is not None
        mode, steps = str(block.mode.value), block.scf.num_scf_steps
        readout = field_block(context, "field_readout_config", "readout") if mode == "unroll_scf" else None
        crashes = readout is not None and readout.uses_potential_features
        stops = f"training stops at the first batch after {stage_begins(stage)}"
        return self.finding(
            f"`num_scf_steps: 1` makes no iteration in `{mode}`",
            span=steps.span,
            severity=Severity.ERROR if crashes else Severity.WARNING,
            labels=context.run.option("field_readout_config").label() if crashes else (),
            notes=(f"`{readout.name}` reads potential features, which no iteration has made",)
            if crashes and readout
            else (),
            when=stops if crashes else _unsure(mode, readout is None, stops),
            help="write 2 or more",
            fix=rewrite(context, steps.span, "2", safe=False),
        )


def _unsure(mode: str, unknown_readout: bool, stops: str) -> str:
    if mode == "unroll_scf" and unknown_readout:
        return f"{stops}, if the readout uses potential features, as the default one does"
    return _SILENT[mode]
