"""C139: a log level that Python's logging does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...diagnostics import Diagnostic, Severity
from ..helpers import replacement
from ..rule import Context, Rule


@final
class LogLevelUnknown(Rule):
    """A log level that Python's logging does not know.

    What it checks: `log_level` is one of the names of Python's logging, in capitals.

    Why it matters: the argument parser takes any word; the trainer stops right after the checks at start-up,
    when its logger starts.

    How to fix: write `INFO` or `DEBUG`.
    """

    code, slug, severity = "C139", "log-level-unknown", Severity.ERROR
    after = ("C122",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The level, where it was given."""
        setting = context.run.option("log_level")
        known = context.trainer.option_by_name["log_level"].known
        if not (setting.given and setting.known) or setting.value in known:
            return
        word = str(setting.value)
        near = (word.upper(),) if word.upper() in known else suggest(word, known)
        yield self.finding(
            f"`log_level` knows no `{word}`",
            span=setting.span,
            notes=(f"it knows {', '.join(f'`{level}`' for level in known)}, in capitals",),
            when="the trainer stops right after the checks at start-up, when its logger starts",
            help=f"write `{near[0]}`" if near else "write `INFO`",
            suggestions=near,
            fix=replacement(context, setting, near[0]) if len(near) == 1 else None,
        )
