"""D216: weights in the files that the trainer never reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
        if not context.data.splits or context.run.head is None:
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
        where = f"`config_{name}_weight` in {counted(frames, f'{split.name} frame')} is never read"
        if name not in weighted:
            by_key = [
                line.name for line in lines.values() if line.key.value == name and line.name in weighted
            ]
            near = by_key or list(suggest(name, tuple(weighted)))
            yield self._weightless(where, split, near, _without_weight(name, context))
        elif name not in lines:
            yield self._unmapped(where, split, name)

    def _unmapped(self, where: str, split: Split, name: str) -> Diagnostic:
        return self.finding(
            where, severity=Severity.INFO, span=split.setting.span,
            notes=(f"`{name}` is not mapped in `heads`",), when="the weight is passed over with its label",
            help=f"map `{name}`, if its label is meant to count",
        )  # fmt: skip

    def _weightless(self, where: str, split: Split, near: Sequence[str], reason: str) -> Diagnostic:
        meant = tuple(f"config_{other}_weight" for other in near)
        return self.finding(
            where, span=split.setting.span, notes=(reason,),
            when="these frames count fully, and nobody complains",
            help=f"did you mean `{meant[0]}`?" if meant else "remove it, or use `config_weight`",
            suggestions=meant,
        )  # fmt: skip


def _without_weight(name: str, context: Context) -> str:
    known = name in context.trainer.quantity_by_name
    return f"`{name}` has no weight of its own" if known else f"no property is called `{name}`"
