"""F108: iterations without a setting that they need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import FixedPointOptions, ScfOptions, Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping
from ..helpers import addition, yaml_text
from ..rule import Context, Rule
from ._blocks import blocks_in_use


@final
class ScfKeyMissing(Rule):
    """Iterations without a setting that they need.

    What it checks: `scf` holds every key that this version of the trainer requires, although it has
    defaults for them: `num_scf_steps` and `mixing_parameter`.

    Why it matters: the trainer looks for these keys at start-up and stops.

    How to fix: add the key from the message.
    """

    code, slug, severity = "F108", "scf-key-missing", Severity.ERROR
    after = ("F106",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per block."""
        required = {option.name: option.default for option in context.trainer.blocks.scf if option.required}
        for _, block, _ in blocks_in_use(context):
            if block.scf is None or block.mode.is_known("direct"):
                continue
            missing = [name for name in required if not _given(block.scf, name)]
            if missing:
                yield self._missing(context, block, {name: required[name] for name in missing})

    def _missing(self, context: Context, block: FixedPointOptions, missing: dict[str, object]) -> Diagnostic:
        place = "`scf`" if block.scf_entry.given else "`scf_training_options`"
        return self.finding(
            f"{place} lacks {' and '.join(f'`{name}`' for name in missing)}",
            span=block.scf_entry.key_span or block.key_span,
            when="the trainer stops at start-up",
            help="add " + " and ".join(f"`{name}: {value}`" for name, value in missing.items()),
            fix=_added(context, block, missing),
        )


def _given(scf: ScfOptions, name: str) -> bool:
    setting = getattr(scf, name, None)
    return not isinstance(setting, Setting) or setting.given


def _added(context: Context, block: FixedPointOptions, missing: dict[str, object]) -> Fix | None:
    """The default, which the trainer has and does not take by itself."""
    node = block.scf_entry.node
    if not isinstance(node, Mapping):
        return None
    content = {name: yaml_text(value) for name, value in missing.items()}
    return addition(context, block.scf_entry.key_span, node, content, safe=False, at_end=False)
