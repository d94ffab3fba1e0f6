"""C144: an error table that the final report does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...diagnostics import Diagnostic, Severity
from ..helpers import replacement
from ..rule import Context, Rule

_LATE = "the run dies after the last epoch, before the final models are saved; checkpoints survive"


@final
class ErrorTableUnknown(Rule):
    """An error table that the final report does not know.

    What it checks: `error_table` is one of the tables that the report after training can print.

    Why it matters: nothing checks the name at start-up. An unknown one prints no line per validation, and
    some tables of plain mace print lines but are unknown to the final report. Either way the assertion
    comes after the last epoch and before the models are saved.

    How to fix: take `PerAtomRMSE`, which suits every model, or another name from the message.
    """

    code, slug, severity = "C144", "error-table-unknown", Severity.ERROR
    after = ("C122",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The name, where it is known."""
        setting, tables = context.run.option("error_table"), context.trainer.error_table_by_name
        if not (setting.given and setting.known):
            return
        name = str(setting.value)
        table = tables.get(name)
        if table is not None and table.final:
            return
        good = tuple(known for known, other in tables.items() if other.final)
        near = suggest(name, good)
        reason = (
            f"there is no error table `{name}`" if table is None else f"the final report knows no `{name}`"
        )
        yield self.finding(
            reason,
            span=setting.span,
            notes=(f"the final report knows {', '.join(f'`{known}`' for known in good)}",),
            when=_LATE,
            help=f"did you mean `{near[0]}`?" if near else "write `PerAtomRMSE`",
            suggestions=near,
            fix=replacement(context, setting, near[0]) if len(near) == 1 and table is None else None,
        )
