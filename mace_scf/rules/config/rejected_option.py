"""C131: an option that exists only to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Option, State
from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping
from ..helpers import addition, drop, together, yaml_text
from ..rule import Context, Rule
from ._effect import instead_of
from ._nested import AT_START


@final
class RejectedOption(Rule):
    """An option that exists only to be refused.

    What it checks: no option ending in `_key` is given, nor `test_dir` or `statistics_file`.

    Why it matters: the parser takes them, since plain mace has them, and the check behind it stops the
    trainer at start-up with a bare assertion.

    How to fix: map labels in `heads`: `info_keys` for what a frame has, `arrays_keys` for what an atom has.
    """

    code, slug, severity = "C131", "rejected-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every option given in the file or on the command line."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            if option.state is State.REJECTED:
                yield self.finding(
                    f"`{option.name}` is refused",
                    span=setting.place,
                    notes=() if option.because.startswith(AT_START) else (option.because,),
                    when=AT_START,
                    help=instead_of(option),
                    fix=_in_heads(context, setting, option) or drop(context, setting),
                )


def _in_heads(context: Context, setting: Setting[Any], option: Option) -> Fix | None:
    """The label mapped in the head, where it is not mapped yet; the option goes."""
    head, (container, _, name) = context.run.head, option.instead.removeprefix("heads.<head>.").partition(".")
    maps = {} if head is None else {"info_keys": head.info_entry, "arrays_keys": head.arrays_entry}
    holder, key = maps.get(container), str(setting.value or "")
    if head is None or holder is None or not isinstance(holder.node, Mapping) or not key:
        return None
    there = head.key_of(name, container)
    if there is not None:
        return drop(context, setting, f"remove `{option.name}`", safe=there.value == key)
    added = addition(context, holder.key_span, holder.node, {name: yaml_text(key)}, at_end=False)
    return together(f"map `{name}: {key}` in `{container}`", drop(context, setting), added, safe=True)
