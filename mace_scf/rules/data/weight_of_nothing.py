"""D216: weights in the files that the trainer never reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._heads import mapped
from ._labels import counted

_NAME = re.compile(r"config_(\w+)_weight")


@final
class WeightOfNothing(Rule):
    """Weights in the files that the trainer never reads.

    What it checks: an entry `config_NAME_weight` of the files names a property that has weights, by the name
    it has in `heads` and not by its file key, and that property is mapped.

    Why it matters: any other name is ignored: the frames count fully, and nobody complains.
    `config_REF_energy_weight` does nothing, `config_energy_weight` does.

    How to fix: rename the entry after the property.
    """

    code, slug, severity = "D216", "weight-of-nothing", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such entry."""
        if context.data is None or context.run.head is None:
            return
        from ...dataset.answers import key_facts

        told: set[str] = set()
        for split in context.data.splits:
            for facts in key_facts(split.profile):
                match = _NAME.fullmatch(facts.key) if facts.location == "info" else None
                if match and facts.key not in told:
                    told.add(facts.key)
                    yield from self._about(context, split, match[1], facts.frames)

    def _about(self, context: Context, split: Split, name: str, frames: int) -> Iterator[Diagnostic]:
        weighted = [quantity.name for quantity in context.trainer.quantities if quantity.weight]
        lines = {line.name: line for line in mapped(context)}
        if name in lines and name in weighted:
            return
        by_key = [line.name for line in lines.values() if line.key.value == name and line.name in weighted]
        near = by_key or list(suggest(name, tuple(weighted)))
        known = name in context.trainer.quantity_by_name
        if name in weighted:
            reason, help_ = (
                f"`{name}` is not mapped in `heads`",
                f"map `{name}`, if its label is meant to count",
            )
        else:
            reason = f"`{name}` has no weight of its own" if known else f"no property is called `{name}`"
            help_ = (
                f"did you mean `config_{near[0]}_weight`?" if near else "remove it, or use `config_weight`"
            )
        yield self.finding(
            f"`config_{name}_weight` in {counted(frames, f'{split.name} frame')} is never read",
            severity=Severity.INFO if name in weighted else Severity.WARNING,
            span=split.setting.span, notes=(reason,),
            when="the weight is passed over with its label" if name in weighted else
                 "these frames count fully, and nobody complains",
            help=help_,
            suggestions=() if name in weighted else tuple(f"config_{other}_weight" for other in near),
        )  # fmt: skip
