"""F127: a keyword of an update or readout block that no block is known to have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...diagnostics import Diagnostic, Severity
from ...source import Entry
from ..helpers import rewrite
from ..rule import Context, Rule
from ._blocks import field_mapping, is_unused


@final
class FieldBlockKeywordUnknown(Rule):
    """A keyword of an update or readout block that no block is known to have.

    What it checks: the keys of `fixedpoint_update_config` and `field_readout_config` beside `type` are
    known ones. A key that comes near one of them is a warning, any other a fact to confirm, because blocks
    of other versions may have keywords of their own.

    Why it matters: everything in these mappings becomes a keyword of the block, and the blocks take any
    keyword. A misspelt one is swallowed, and the block's own default stays in force.

    How to fix: write the key as it is known, or make sure that the block of your version has it.
    """

    code, slug, severity = "F127", "field-block-keyword-unknown", Severity.INFO
    after = ("F125", "F117")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per key."""
        blocks = context.trainer.blocks
        places = {"fixedpoint_update_config": blocks.update, "field_readout_config": blocks.readout}
        for option, declared in places.items():
            known = tuple(key.name for key in declared)
            for entry in () if is_unused(context, option) else field_mapping(context, option) or ():
                looked_up = option == "field_readout_config" and entry.name.endswith("_cls")
                if entry.name not in known and not looked_up:
                    yield self._unknown(context, option, entry, known)

    def _unknown(self, context: Context, option: str, entry: Entry, known: tuple[str, ...]) -> Diagnostic:
        near = suggest(entry.name, known)
        meant = " or ".join(f"`{name}`" for name in near)
        return self.finding(
            f"`{entry.name}` of `{option}` is no known keyword of a block",
            span=entry.key.span,
            severity=Severity.WARNING if near else self.severity,
            notes=(f"known beside `type` are {', '.join(known[1:])}",) if len(known) > 1 else (),
            when="a block that does not have it swallows it silently",
            help=f"did you mean {meant}?" if near else "make sure that the block of your version has it",
            suggestions=near,
            fix=rewrite(context, entry.key.span, near[0], safe=False) if len(near) == 1 else None,
        )
