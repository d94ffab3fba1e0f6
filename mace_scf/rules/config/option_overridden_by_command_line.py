"""C149: a value of the file that the command line replaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...config.values import convert
from ...diagnostics import Diagnostic, Severity
from ...source import Entry, Scalar, trainer_object
from ..rule import Context, Rule


@final
class OptionOverriddenByCommandLine(Rule):
    """A value of the file that the command line replaces.

    What it checks: options that stand in the file and in the training command, with different values.

    Why it matters: the command line wins, and nothing says so. Who reads the file later believes that the
    run had its value. With the same value in both places nothing is said.

    How to fix: keep one of them; nothing, if it is what you mean.
    """

    code, slug, severity = "C149", "option-overridden-by-command-line", Severity.INFO

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every option given in both places."""
        for name, entry in context.effective.shadowed.items():
            setting = context.run.option(name)
            option = context.trainer.option_by_name[name]
            in_file = convert(option, entry.value)
            if setting.known and in_file.given and in_file.value == setting.value:
                continue
            yield self.finding(
                f"`{name}` of the file is replaced by the command line",
                span=entry.key.span,
                labels=setting.label("this one wins"),
                notes=(_values(entry, setting),),
                when="no message: the value of the file is not used",
                help="keep one of the two",
            )


def _values(entry: Entry, setting: Setting[Any]) -> str:
    written = _short(entry.value.text if isinstance(entry.value, Scalar) else trainer_object(entry.value))
    wins = _short(setting.value) if setting.known else "a value that depends on the script's environment"
    return f"the file has {written}, the command line {wins}"


def _short(value: Any) -> str:
    """What fits into a line; of the rest only what it is, since it can be read at its place."""
    if isinstance(value, dict):
        return f"a mapping with {len(value)} key{'' if len(value) == 1 else 's'}"
    text = str(value)
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


_LONGEST = 60
