"""M105: formal charges under names, or of texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ...resolve import Verdict, all_hold, holds
from ..rule import Context, Rule
from ._by_element import malformed


@final
class FormalChargesMalformed(Rule):
    """Formal charges under names, or of texts.

    What it checks: the keys of `atomic_formal_charges` are atomic numbers, and the values are numbers.

    Why it matters: the trainer looks up every element of the data by its atomic number. A charge under the
    symbol of the element is not found, and the trainer stops while the model is built, after the data were
    loaded.

    How to fix: write atomic numbers: `1: 1.0` for hydrogen.
    """

    code, slug, severity = "M105", "formal-charges-malformed", Severity.ERROR
    after = ("C147", "C120")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for the keys, one for the values."""
        option = context.trainer.option_by_name["atomic_formal_charges"]
        setting = context.run.option(option.name)
        if not setting.given or not isinstance(setting.value, dict) or _is_unused(context):
            return
        yield from malformed(self, context, setting, "the formal charge")


def _is_unused(context: Context) -> bool:
    """Another model, or charges from the data: then the mapping is never read."""
    option = context.trainer.option_by_name["atomic_formal_charges"]
    lookup = context.run.option
    unused = all_hold(option.only_if, lookup) is Verdict.NOT_MET
    return unused or any(holds(condition, lookup) is Verdict.MET for condition in option.not_if)
