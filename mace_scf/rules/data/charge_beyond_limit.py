"""D214: total charges at which self-consistency always counts as diverged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import known_model
from ..rule import Context, Rule
from ._labels import is_findable, location_of, read_lines

_LIMIT = 10.0  # e; a constant of the trainer


@final
class ChargeBeyondLimit(Rule):
    """Total charges at which self-consistency always counts as diverged.

    What it checks: total charges lie between −10 e and 10 e, for models that iterate (FixedPoint).

    Why it matters: an iteration whose total charge is beyond 10 e counts as diverged, whatever it does. No
    option changes that limit: such frames never converge, and modes with a fallback always take it.

    How to fix: take these frames out, or train them with a model that does not iterate.
    """

    code, slug, severity = "D214", "charge-beyond-limit", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file."""
        model = known_model(context)
        if model is None or model.family != "scf":
            return
        for line in read_lines(context):
            for split in context.data.splits if line.name == "total_charge" and is_findable(line) else ():
                moments = split.profile.numbers.get((location_of(line), str(line.key.value), 0))
                ends = [] if moments is None else [moments.minimum, moments.maximum]
                beyond = [end for end in ends if end is not None and abs(end.value) > _LIMIT]
                if beyond:
                    yield self.finding(
                        f"`{line.key.value}` reaches {beyond[-1].value:g} e in `{split.setting.name}`",
                        span=line.key.span,
                        labels=(*split.setting.label("read from here"), *context.run.option("model").label()),
                        notes=tuple(f"{end.value:g} e in {end.place.shown}" for end in beyond),
                        when=f"beyond {_LIMIT:g} e the iteration always counts as diverged",
                        help="take these frames out, or train a model that does not iterate",
                    )  # fmt: skip
