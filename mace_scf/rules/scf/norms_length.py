"""F118: normalisers of the potential features that do not fit them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...resolve import Verdict, all_hold
from ..helpers import drop, replacement
from ..rule import Context, Rule


@final
class NormsLength(Rule):
    """Normalisers of the potential features that do not fit them.

    What it checks: `field_feature_norms` is `None`, `average` or a list in brackets with one number for
    every width of `field_feature_widths` and every order up to `field_feature_max_l`.

    Why it matters: FixedPoint reads it while the model is built, after the data were loaded, and stops at
    another length, at a tuple and at a text that is no list.

    How to fix: give (number of widths) × (field_feature_max_l + 1) numbers, sorted by order, then by width:
    for widths 1 and 2 Å and order 1, "[l0 w1, l0 w2, l1 w1, l1 w2]".
    """

    code, slug, severity = "F118", "norms-length", Severity.ERROR
    after = ("C147",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        norms = context.run.option("field_feature_norms")
        option = context.trainer.option_by_name.get("field_feature_norms")
        if option is None or not norms.given or norms.raw in option.known or norms.raw is None:
            return
        if all_hold(option.only_if, context.run.option) is not Verdict.MET:
            return
        given = _literal(norms.raw)
        if not isinstance(given, list):
            yield self._no_list(context, norms, given)
            return
        wanted = _wanted(context)
        if wanted is not None and len(given) != wanted[0]:
            yield self._length(context, norms, len(given), wanted)

    def _no_list(self, context: Context, norms: Setting[Any], given: Any) -> Diagnostic:
        found = "a tuple" if isinstance(given, tuple) else f"`{norms.raw}`"
        return self.finding(
            f"`field_feature_norms` takes a list in brackets, not {found}",
            span=norms.span,
            when=_WHEN,
            help='write a quoted list such as "[1.0, 1.0, 0.5, 0.5]", `average`, or `None`',
            fix=_as_list(context, norms, given) if isinstance(given, tuple) else _default(context, norms),
        )

    def _length(
        self, context: Context, norms: Setting[Any], count: int, wanted: tuple[int, int, int]
    ) -> Diagnostic:
        total, widths, orders = wanted
        causes = ("field_feature_widths", "field_feature_max_l")
        return self.finding(
            f"`field_feature_norms` has {count} number{'s' if count != 1 else ''}, not {total}",
            span=norms.span,
            labels=tuple(label for name in causes for label in context.run.option(name).label()),
            notes=(f"{widths} widths times {orders} orders (`field_feature_max_l` + 1)",),
            when=_WHEN,
            help=f"give {total} numbers, sorted by order, then by width",
            fix=_default(context, norms),
        )


def _as_list(context: Context, norms: Setting[Any], given: tuple[Any, ...]) -> Fix | None:
    """The same numbers in brackets, if they are as many as are wanted."""
    wanted = _wanted(context)
    fits = wanted is None or wanted[0] == len(given)
    return replacement(context, norms, str(list(given))) if fits else _default(context, norms)


def _default(context: Context, norms: Setting[Any]) -> Fix | None:
    return drop(context, norms, "remove `field_feature_norms`, which is `average` then")


_WHEN = "the trainer stops while the model is built, after the data were loaded"


def _literal(text: Any) -> Any:
    """The Python value of the text; None where it is none. A tuple stays one, which matters here."""
    try:
        return ast.literal_eval(str(text).strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def _wanted(context: Context) -> tuple[int, int, int] | None:
    """How many numbers, from how many widths and orders; None where one of them is not known."""
    widths, order = context.run.option("field_feature_widths"), context.run.option("field_feature_max_l")
    if not (widths.known and order.known) or not isinstance(order.value, int):
        return None
    probed = widths.value if isinstance(widths.value, list) else _literal(widths.value)
    if not isinstance(probed, list | tuple):
        return None
    return len(probed) * (order.value + 1), len(probed), order.value + 1
