"""F116: an update or readout mapping that names no block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping
from ..helpers import addition
from ..rule import Context, Rule
from ._blocks import field_mapping

FIELD_OPTIONS = {"fixedpoint_update_config": "update", "field_readout_config": "readout"}


@final
class FieldBlockTypeMissing(Rule):
    """An update or readout mapping that names no block.

    What it checks: `fixedpoint_update_config` and `field_readout_config` hold `type`.

    Why it matters: a mapping replaces the default one as a whole, so the trainer wants the name of the
    block in it and stops at start-up, whatever the model.

    How to fix: add `type`, or remove the mapping to take the default.
    """

    code, slug, severity = "F116", "field-block-type-missing", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per mapping."""
        for name, slot in FIELD_OPTIONS.items():
            node = field_mapping(context, name)
            if node is None or node.get("type") is not None:
                continue
            blocks = [block for block in context.trainer.field_blocks if block.slot == slot]
            names = [block.name for block in sorted(blocks, key=lambda block: not block.default)]
            yield self.finding(
                f"`{name}` lacks `type`",
                span=context.run.option(name).place,
                notes=("a mapping replaces the default one as a whole",),
                when="the trainer stops at start-up",
                help=f"add `type`, such as `{names[0]}`" if names else "add `type`",
                fix=_added(context, name, node, names),
            )


def _added(context: Context, name: str, node: Mapping, names: list[str]) -> Fix | None:
    """The block that counts where no mapping is given."""
    key = context.run.option(name).key_span
    if not names or key is None:
        return None
    return addition(context, key, node, {"type": names[0]}, safe=False, at_end=False)
