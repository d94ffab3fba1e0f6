"""L107: a stage whose loss has no term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...source import Mapping
from ..helpers import addition
from ..rule import Context, Rule
from ._words import at_first_batch


@final
class EmptyLoss(Rule):
    """A stage whose loss has no term.

    What it checks: every stage's `loss` names at least one term.

    Why it matters: a sum over no terms is a plain 0.0 without gradient: the first backward pass of the stage
    ends with an AttributeError.

    How to fix: name the terms that the stage shall train.
    """

    code, slug, severity = "L107", "empty-loss", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each empty loss mapping."""
        for stage in context.run.stages:
            node = stage.loss_entry.node
            if isinstance(node, Mapping) and not len(node):
                yield self.finding(
                    f"the `loss` of {stage.title} has no term", span=stage.loss_entry.place,
                    when=at_first_batch(stage, context.trainer), help="add terms such as `forces: 100.0`",
                    fix=addition(
                        context, stage.loss_entry.key_span, node, {"energy_per_atom": "1.0", "forces": "100.0"},
                        safe=False,
                    ),
                )  # fmt: skip
