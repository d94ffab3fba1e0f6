"""C124: an empty value, which leaves the default in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Kind, Option, State
from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ...source import Scalar
from ..helpers import rewrite
from ..rule import Context, Rule

_NOTHING = (None, "", "None", "{}", False)


@final
class NullKeepsDefault(Rule):
    """An empty value, which leaves the default in force.

    What it checks: an option that has a default is not set to `null` or left empty.

    Why it matters: the trainer treats the key as if it were not there. `clip_grad: null` reads like "no
    clipping", but gradients are still clipped at 10.

    How to fix: give a value. Options that can be switched off take the quoted word `"None"`. To keep the
    default, remove the line.
    """

    code, slug, severity = "C124", "null-keeps-default", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Only options whose default does something."""
        for setting in context.run.options.values():
            option = context.trainer.option_by_name[setting.name]
            if _is_empty(setting) and option.state is State.USED and option.default not in _NOTHING:
                yield self._finding(option, setting, context)

    def _finding(self, option: Option, setting: Setting[Any], context: Context) -> Diagnostic:
        shown = str(option.default).lower() if isinstance(option.default, bool) else option.default
        off = _takes_none(option)
        nothing = f'write the quoted word `"None"` to switch it off, or remove `{setting.name}`'
        return self.finding(
            f"`{setting.name}` is empty and keeps its default `{shown}`",
            span=setting.place,
            notes=("the trainer takes an empty value as if the key were not there",),
            when="no message: the default applies",
            help=nothing if off else f"give a value, or remove `{setting.name}`",
            fix=rewrite(context, setting.span, '"None"', safe=False) if off and _has_text(setting) else None,
        )


def _is_empty(setting: Setting[Any]) -> bool:
    return isinstance(setting.node, Scalar) and not setting.given and setting.raw is None


def _has_text(setting: Setting[Any]) -> bool:
    return isinstance(setting.node, Scalar) and bool(setting.node.text)


def _takes_none(option: Option) -> bool:
    return option.kind is Kind.NUMBER_OR_NONE_WORD or "None" in (*option.choices, *option.known)
