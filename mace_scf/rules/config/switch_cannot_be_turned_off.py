"""C126: a switch that is on by default and has no way off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.option import Kind, State
from ...diagnostics import Diagnostic, Edit, Fix, Severity
from ...source import Entry
from ..rule import Context, Rule


@final
class SwitchCannotBeTurnedOff(Rule):
    """A switch that stays on, whatever the file says.

    What it checks: a switch that is on by default is not set to false, unless the trainer has an opposite
    for it; and the opposite, which exists for the command line alone, is not used as a key of the file.

    Why it matters: `amsgrad: false` counts as not given, so the default true applies. `no-restart_latest:
    true` in a file has no effect either: the run still resumes from an older checkpoint. Nothing says so.

    How to fix: write `restart_latest: false`. For `amsgrad` there is no way off but another optimizer.
    """

    code, slug, severity = "C126", "switch-cannot-be-turned-off", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Switches set to false, then opposites used as keys."""
        yield from self._switches(context)
        opposites = {
            option.off_switch: option.name for option in context.trainer.options if option.off_switch
        }
        for entry in context.document.mapping or ():
            if entry.name in opposites:
                yield self._opposite(entry, opposites[entry.name])

    def _switches(self, context: Context) -> Iterator[Diagnostic]:
        for setting in context.run.options.values():
            option = context.trainer.option_by_name[setting.name]
            stays_on = option.kind is Kind.FLAG and option.default is True and not option.off_switch
            off = setting.node is not None and not setting.given and setting.raw is not None
            if not (stays_on and off and option.state is State.USED) or _unread(setting.name, context):
                continue
            yield self.finding(
                f"`{setting.name}` cannot be switched off",
                span=setting.place,
                notes=("it is on by default, and false counts as not given",),
                when=f"no message: the trainer runs with `{setting.name}: true`",
                help=f"remove `{setting.name}`",
            )

    def _opposite(self, entry: Entry, name: str) -> Diagnostic:
        key, value = entry.key.span, entry.value.span
        edits = (Edit(key, name), Edit(value, "false"))
        meant = str(getattr(entry.value, "trainer_value", "")).lower() in ("true", "1")
        return self.finding(
            f"`{entry.name}` has no effect in a file",
            span=key,
            notes=("it is a switch of the command line",),
            when=f"no message: the trainer runs with `{name}: true`",
            help=f"write `{name}: false`",
            fix=Fix(f"write `{name}: false`", edits) if meant else None,
        )


def _unread(name: str, context: Context) -> bool:
    """Where the optimizer has no such variant, there is nothing to switch off."""
    conditions = context.trainer.option_by_name[name].only_if
    settings = ((condition, context.run.option(condition.option)) for condition in conditions)
    return any(setting.known and not condition.holds(setting.value) for condition, setting in settings)
