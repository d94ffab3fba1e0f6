"""L207: terms that only some models serve, in a run whose model was not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Label, Severity
from ..rule import Context, Rule
from ._models import demands, grouped, left, sentences
from ._words import code_list


@final
class TermNeedsModel(Rule):
    """Terms that only some models serve, in a run whose model was not seen.

    What it checks: where `model` is in no file and no command that was read, which models the terms and
    fixed-point options of the schedule leave. Told once for the run.

    Why it matters: `model` often stands in the launcher. The trainer's default is plain MACE, which has no
    charges: with it the first term on charges or dipoles stops the run at its first batch.

    How to fix: nothing, if the model is one of those named. To have it checked, give the launcher
    (`--launcher train.sh`), the option (`-- --model FixedPoint`), or `--complete` if defaults apply.
    """

    code, slug, severity = "L207", "term-needs-model", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding: the models that are left."""
        found = demands(context)
        models = left(found, context)
        if not found or not models:
            return
        firsts = [group[0] for group in grouped(found).values()]
        names = code_list([model.name for model in models])
        needs = f"one of {names}" if len(models) > 1 else names
        yield self.finding(
            f"`{firsts[0].name}` needs a model that was not seen", span=firsts[0].span,
            labels=tuple(Label(first.span, "so does this") for first in firsts[1:]),
            notes=(f"the schedule needs {needs}", *(sentences(found) if len(firsts) > 1 else ())),
            help="give the launcher, or `-- --model NAME`, to have it checked",
        )  # fmt: skip
