"""F128: an update mapping that repeats the default type and drops the rest of the default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import addition
from ..rule import Context, Rule
from ._blocks import field_mapping, is_unused

_OPTION = "fixedpoint_update_config"


@final
class PartialUpdateBlock(Rule):
    """An update mapping that repeats the default type and drops the rest of the default.

    What it checks: whether `fixedpoint_update_config` names the block that is the default, without the other
    classes that the default mapping names. That may be meant, so it is a fact to confirm.

    Why it matters: a mapping replaces the default one as a whole. What it leaves out comes from the block
    itself, which may have another embedding or non-linearity, and the model is another than without the
    mapping.

    How to fix: write the classes of the default beside `type`, or remove the mapping to take the default.
    """

    code, slug, severity = "F128", "partial-update-block", Severity.INFO
    after = ("F127",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        node, mapping = field_mapping(context, _OPTION), context.run.option(_OPTION).value
        parts = {block.slot: block.name for block in context.trainer.field_blocks if block.default}
        default = parts.pop("update", None)
        if node is None or not isinstance(mapping, dict) or default is None or mapping.get("type") != default:
            return
        if is_unused(context, _OPTION):
            return
        keys = {key.name for key in context.trainer.blocks.update}
        lost = {slot: name for slot, name in parts.items() if slot in keys and node.get(slot) is None}
        if lost:
            classes = " and ".join(f"`{slot}: {name}`" for slot, name in lost.items())
            setting = context.run.option(_OPTION)
            yield self.finding(
                f"`{_OPTION}` names the default block without {classes}",
                span=setting.place,
                notes=("a mapping replaces the default one as a whole",),
                when="silently; the block takes its own defaults for what is not given",
                help=f"add {classes} to keep the default model",
                fix=addition(context, setting.key_span, node, lost, safe=False),
            )
