"""C135: a run without one of the options that it cannot do without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, final

import attrs

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity, Span
from ..helpers import filled, new_option
from ..rule import Context, Rule
from ._nested import AT_START


@final
class MissingOption(Rule):
    """A run without one of the options that it cannot do without.

    What it checks: a run of which everything was seen (by `--complete`, a launcher, options after `--`, or a
    file that holds all that the parser requires) has every mandatory option, and none of them is empty.

    Why it matters: the trainer stops at start-up. It names one missing option at a time.

    How to fix: give the options in the file or on the command line.
    """

    code, slug, severity = "C135", "missing-option", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Empty ones at their place, absent ones together at the top of the file."""
        absent = []
        for option in context.trainer.options:
            setting = context.run.option(option.name)
            if not option.required or setting.given:
                continue
            if setting.node is not None:
                yield self._empty(context, setting)
            elif context.run.complete:
                absent.append(option.name)
        if absent:
            yield self._absent(absent, context)

    def _empty(self, context: Context, setting: Setting[Any]) -> Diagnostic:
        name, guess = setting.name, _guess(context, setting.name)
        return self.finding(
            f"`{name}` is empty",
            span=_whole(setting),
            notes=("the trainer takes an empty value as if the key were not there",),
            when=AT_START,
            help=f"give `{name}` a value",
            fix=filled(context, setting, guess, f"write `{name}: {guess}`") if guess else None,
        )

    def _absent(self, names: list[str], context: Context) -> Diagnostic:
        listed = " and ".join(filter(None, (", ".join(f"`{name}`" for name in names[:-1]), f"`{names[-1]}`")))
        return self.finding(
            f"the run lacks {listed}",
            span=Span(context.document.file),
            notes=("neither the file nor the command line has it" if len(names) == 1 else
                   "neither the file nor the command line has them",),
            when=AT_START,
            help=f"add {listed}",
            fix=_added(context, names),
        )  # fmt: skip


def _added(context: Context, names: list[str]) -> Fix | None:
    """Where something sensible can be said for each of them."""
    guesses = {name: _guess(context, name) for name in names}
    return new_option(context, guesses) if all(guesses.values()) else None


def _guess(context: Context, name: str) -> str:
    """The name of the config for the run, the table that suits every model; "" for what nobody can guess."""
    stem = context.document.file.rpartition("/")[2].partition(".")[0]
    named = stem if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", stem) else "run"
    return {"name": named, "error_table": "PerAtomRMSE"}.get(name, "")


def _whole(setting: Setting[Any]) -> Span | None:
    """From the key to the end of the empty value."""
    key, value = setting.key_span, setting.span
    if key is None or value is None or value.file != key.file or value.start < key.start:
        return setting.place
    return attrs.evolve(key, end_line=value.end_line, end_column=value.end_column)
