"""L109: a term's option with a value that it does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Kind, Option, is_number, shown
from ...catalog.suggest import suggest
from ...config import Setting, Stage
from ...config.structure import describe
from ...config.values import expectation, within_limits
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import rewrite, yaml_text
from ..rule import Context, Rule
from ._words import at_stage_start, entries


@final
class TermOptionInvalid(Rule):
    """A term's option with a value that it does not take.

    What it checks: type, choices and limits of the options in a term's mapping.

    Why it matters: the trainer checks none of them. A wrong word or type surfaces when the stage starts or at
    its first batch, after all earlier stages have trained; a number out of range trains something without
    meaning. `smooth: false` asks for a function that does not exist.

    How to fix: give what the message says; `mace-scf explain-term TERM` lists options and defaults.
    """

    code, slug, severity = "L109", "term-option-invalid", Severity.ERROR
    after = ("C120",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each declared option whose value does not fit."""
        for stage, entry in entries(context):
            term = context.trainer.term_by_name.get(entry.name)
            declared = {option.name: option for option in term.options} if term else {}
            for name, setting in entry.options.items():
                if name in declared and not _fits(declared[name], setting.raw):
                    yield self._misfit(context, stage, entry.name, declared[name], setting)

    def _misfit(
        self, context: Context, stage: Stage, term: str, option: Option, setting: Setting[Any]
    ) -> Diagnostic:
        return self.finding(
            f"`{option.name}` of `{term}` takes {expectation(option)}, not {describe(setting.raw)}",
            span=setting.span, notes=(option.because,) if option.because else (),
            when=at_stage_start(stage, context.trainer),
            help=f"its default is `{shown(option.default)}`", fix=_likely(context, option, setting),
        )  # fmt: skip


def _fits(option: Option, value: Any) -> bool:
    if option.choices:
        return any(type(value) is type(choice) and value == choice for choice in option.choices)
    if option.kind is Kind.NUMBER:
        return is_number(value) and within_limits(option, value)
    return isinstance(value, bool) if option.kind is Kind.STRICT_BOOLEAN else isinstance(value, str)


def _likely(context: Context, option: Option, setting: Setting[Any]) -> Fix | None:
    """The choice that looks like what was written, else the default."""
    near = suggest(str(setting.raw), tuple(str(choice) for choice in option.choices))
    meant = near[0] if len(near) == 1 else option.default
    return None if meant is None else rewrite(context, setting.span, yaml_text(meant), safe=False)
