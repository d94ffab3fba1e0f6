"""C123: a nested value that the trainer cannot carry through its detour over text."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...source import Mapping, Scalar
from ..helpers import rewrite
from ..rule import Context, Rule
from ._nested import AT_START, scalars


@final
class NestedNanOrInfinity(Rule):
    """A nested value that has no form as a Python literal.

    What it checks: inside options given as mappings (`heads`, `train_schedule`, `E0s` and the like) no value
    is `.nan`, `.inf` or a date without quotes.

    Why it matters: the trainer turns such a mapping into text and reads it back as a Python literal. `nan`,
    `inf` and dates are none, so the whole mapping is refused at start-up.

    How to fix: give a finite number, or quote a text that looks like a date.
    """

    code, slug, severity = "C123", "nested-nan-or-infinity", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Every scalar below a top-level mapping; names of stages have a rule of their own."""
        for entry in context.effective.root:
            if isinstance(entry.value, Mapping):
                for name, node in scalars(entry.value, entry.name):
                    yield from self._finding(context, entry.name, name, node)

    def _finding(self, context: Context, option: str, name: str, node: Scalar) -> Iterator[Diagnostic]:
        value = node.trainer_value
        if isinstance(value, float) and not math.isfinite(value):
            help_ = "give a finite number"
        elif isinstance(value, datetime.date) and name != "name":
            help_ = f'quote it: `{name}: "{node.text}"`'
        else:
            return
        yield self.finding(
            f"`{name}: {node.text}` cannot stand inside `{option}`",
            span=node.span,
            notes=(f"the trainer reads `{option}` as a Python literal, which knows no such value",),
            when=AT_START,
            help=help_,
            fix=rewrite(context, node.span, f'"{node.text}"') if isinstance(value, datetime.date) else None,
        )
