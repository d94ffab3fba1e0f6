"""C120: a number in a nested mapping that YAML 1.1 reads as a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...catalog.option import Kind
from ...diagnostics import Diagnostic, Severity
from ...source import Mapping, Scalar
from ..helpers import rewrite
from ..rule import Context, Rule
from ._nested import nested_values, scalars
from ._yaml11 import exact, readable, text_for_yaml


@final
class YamlNumberIsText(Rule):
    """A number in a nested mapping that YAML 1.1 reads as a text.

    What it checks: inside `train_schedule` and inside options given as mappings, numbers with an exponent
    have a point and a signed exponent. `1e-3`, `1e3` and `1.0e3` are texts for the trainer's YAML reader;
    `1.0e-3` and `1.0e+3` are numbers. Where the trainer converts the value itself, as for `scf_tolerance`,
    `mixing_parameter` and every option at the top level, either form will do.

    Why it matters: a bare weight that is a text stops the trainer at start-up, and a text in `{weight: …}`
    the first batch of its stage. A learning rate is never converted: the first optimizer step of its stage
    fails, which for a later stage is hours or days into the run. With the optimizer schedulefree this is
    likely but was not seen, so it is a warning there.

    How to fix: write `1.0e-3`. An editor that follows YAML 1.2 shows both forms as numbers.
    """

    code, slug, severity = "C120", "yaml-number-is-text", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Stages first, then options given as mappings."""
        yield from self._in_stages(context)
        yield from self._in_options(context)

    def _in_stages(self, context: Context) -> Iterator[Diagnostic]:
        optimizer = context.run.option("optimizer")
        for value in nested_values(context):
            setting, node = value.setting, value.setting.node
            if value.kind not in (Kind.NUMBER, Kind.INTEGER) or not isinstance(node, Scalar):
                continue
            finding = self._finding(setting.name, node, value.when, context, value.kind is Kind.INTEGER)
            if finding is None:
                continue
            if value.part == "stage" and value.kind is Kind.NUMBER and optimizer.is_known("schedulefree"):
                notes = (*finding.notes, f"{optimizer.shown}: what it does with a text was not seen")
                finding = attrs.evolve(
                    finding, severity=Severity.WARNING, notes=notes, labels=optimizer.label(),
                    when=value.when.replace("stops", "probably stops"),
                )  # fmt: skip
            yield finding

    def _in_options(self, context: Context) -> Iterator[Diagnostic]:
        """`E0s: {1: -1.36e1}` hands a text on, where only numbers make sense."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            if option.kind is not Kind.LITERAL or not isinstance(setting.node, Mapping):
                continue
            for name, node in scalars(setting.node, setting.name):
                when = f"the trainer stops when it first computes with `{setting.name}`, after start-up"
                finding = self._finding(f"{setting.name}: {name}", node, when, context)
                if finding is not None:
                    yield finding

    def _finding(
        self, name: str, node: Scalar, when: str, context: Context, whole: bool = False
    ) -> Diagnostic | None:
        number = text_for_yaml(node)
        if number is None:
            return None
        better = str(int(number)) if whole and number == int(number) else readable(node.text)
        return self.finding(
            f"`{name}: {node.text}` is a text for the trainer, not a number",
            span=node.span,
            notes=(f"YAML 1.1 wants a point and a signed exponent; the trainer gets the text '{node.text}'",),
            when=when,
            help=f"write `{better}`",
            fix=rewrite(context, node.span, better) if exact(node, node.span) else None,
        )
