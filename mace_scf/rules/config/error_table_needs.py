"""C145: an error table of values that the model does not return."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Label, Severity
from ...resolve import Need, Verdict, prediction_need, stage_lookup
from ..helpers import known_model, replacement
from ..rule import Context, Rule

_FIRST_VALIDATION = "the run dies at its first validation"


@final
class ErrorTableNeeds(Rule):
    """An error table of values that the model does not return.

    What it checks: the model returns what the `error_table` prints: charges or dipoles for the tables of
    electrostatic models, stress for `PerAtomRMSEstressvirials`. Tables with dipoles want a mapped `dipole`.

    Why it matters: nothing checks it at start-up. The first epoch is trained, and the validation behind it
    stops with a KeyError. Dipoles that are not mapped are scored against zeros, which is only a warning.

    How to fix: take `PerAtomRMSE`, which suits every model, or a table of what the model returns.
    """

    code, slug, severity = "C145", "error-table-needs", Severity.ERROR
    after = ("C144",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Each need of the table, for every stage as far as it is known."""
        setting = context.run.option("error_table")
        table = context.trainer.error_table_by_name.get(str(setting.value)) if setting.known else None
        for name in table.needs if table and setting.given else ():
            finding = self._need(name, setting, context) or self._unmapped(name, setting, context)
            if finding is not None:
                yield finding
                return

    def _need(self, name: str, setting: Setting[Any], context: Context) -> Diagnostic | None:
        if not any(model.provisions(name) for model in context.trainer.models):
            return self._finding(context, setting, (f"no model returns `{name}`",), ())
        for need in _answers(name, context):
            if need.verdict is Verdict.NOT_MET:
                labels = tuple(label for link in need.because for label in link.labels)
                return self._finding(context, setting, tuple(link.text for link in need.because), labels)
        return None

    def _finding(
        self, context: Context, setting: Setting[Any], notes: tuple[str, ...], labels: tuple[Label, ...]
    ) -> Diagnostic:
        return self.finding(
            f"`error_table: {setting.value}` prints what the model does not return",
            span=setting.span,
            labels=labels,
            notes=notes,
            when=_FIRST_VALIDATION,
            help="write `PerAtomRMSE`, which suits every model",
            fix=replacement(context, setting, "PerAtomRMSE", safe=False),
        )

    def _unmapped(self, name: str, setting: Setting[Any], context: Context) -> Diagnostic | None:
        head, quantity = context.run.head, context.trainer.quantity_by_name.get(name)
        if name != "dipole" or head is None or quantity is None or head.key_of(name, quantity.container):
            return None
        place = head.info_entry
        return self.finding(
            f"`error_table: {setting.value}` scores dipoles that `heads` does not map",
            span=setting.span,
            severity=Severity.WARNING,
            labels=place.label("no `dipole` here"),
            when="no message: the table shows errors against zero dipoles",
            help="map `dipole`, or write `PerAtomRMSE`",
        )


def _answers(name: str, context: Context) -> Iterator[Need]:
    model = known_model(context)
    if model is None:
        return
    for stage in context.run.stages:
        yield prediction_need(model, name, stage_lookup(context.run, stage))
    if not context.run.stages:
        yield prediction_need(model, name, context.run.option)
