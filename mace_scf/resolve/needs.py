"""Met, not met, or not knowable yet: what a loss term requires, each answer with its chain of reasons."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from ..catalog.model import Carries, Model, Provision
from ..catalog.option import Condition
from ..config import Setting
from ..diagnostics import Label

Lookup = Callable[[str], Setting[Any]]
"""From the name of an option, or of a stage's fixed-point option, to its setting."""


class Verdict(enum.Enum):
    """Answer to one requirement."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "not knowable yet"


@attrs.frozen(eq=False)
class Because:
    """One link of a chain of reasons, with the place it speaks of, if any."""

    text: str
    labels: tuple[Label, ...] = ()


@attrs.frozen(eq=False)
class Need:
    """One requirement of a term.

    Attributes:
        kind: ``prediction``, ``reference`` or ``term`` (the name itself).
        name: output key or property.
        verdict: the answer.
        because: why, outermost reason first.
        carries: for a prediction that is met, what kind of value it is.
        blocking: conditions that stand against it (for a fix: what to change).
    """

    kind: str
    name: str
    verdict: Verdict
    because: tuple[Because, ...] = ()
    carries: Carries = Carries.GRADIENT
    blocking: tuple[Condition, ...] = ()

    @property
    def chain(self) -> str:
        """The reasons as one sentence."""
        return "; ".join(link.text for link in self.because)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Every requirement: one failure decides, else one unknown does."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


def holds(condition: Condition, lookup: Lookup) -> Verdict:
    """Whether a condition on an option holds, as far as the option is known."""
    setting = lookup(condition.option)
    if not setting.known:
        return Verdict.UNKNOWN
    return Verdict.MET if condition.holds(setting.value) else Verdict.NOT_MET


def all_hold(conditions: Iterable[Condition], lookup: Lookup) -> Verdict:
    """Whether all conditions hold."""
    return all_of(holds(condition, lookup) for condition in conditions)


def prediction_need(model: Model, prediction: str, lookup: Lookup, *, columns: str = "charges") -> Need:
    """Whether a model, as it is set up, returns an output key, and what kind of value that is.

    ``columns`` tells whether all multipole columns are wanted, or the charges suffice.
    """
    provisions = model.provisions(prediction, columns)
    if not provisions:
        because = Because(f"`{model.name}` returns no `{prediction}`", lookup("model").label())
        return Need("prediction", prediction, Verdict.NOT_MET, (because,))
    verdicts = [all_hold(provision.when, lookup) for provision in provisions]
    if Verdict.MET in verdicts:
        return _met(model, provisions[verdicts.index(Verdict.MET)], lookup)
    if Verdict.UNKNOWN in verdicts:
        return _unknown(model, prediction, provisions, verdicts, lookup)
    return _refused(model, prediction, provisions, lookup)


def _met(model: Model, provision: Provision, lookup: Lookup) -> Need:
    because = Because(
        provision.reason or f"`{model.name}` returns `{provision.prediction}`",
        _labels(provision.when, lookup),
    )
    return Need("prediction", provision.prediction, Verdict.MET, (because,), provision.carries)


def _unknown(
    model: Model, prediction: str, provisions: tuple[Provision, ...], verdicts: list[Verdict], lookup: Lookup
) -> Need:
    open_ones = [
        provision
        for provision, verdict in zip(provisions, verdicts, strict=True)
        if verdict is Verdict.UNKNOWN
    ]
    unknown = {
        condition.option: Because(f"`{condition.option}` was not seen")
        for provision in open_ones
        for condition in provision.when
        if holds(condition, lookup) is Verdict.UNKNOWN
    }
    first = Because(f"`{model.name}` returns `{prediction}` only with {_ways(open_ones)}")
    useful = open_ones[0].carries
    return Need("prediction", prediction, Verdict.UNKNOWN, (first, *unknown.values()), useful)


def _refused(model: Model, prediction: str, provisions: tuple[Provision, ...], lookup: Lookup) -> Need:
    useful = [provision for provision in provisions if provision.carries is Carries.GRADIENT] or list(
        provisions
    )
    best = min(useful, key=lambda provision: len(_failing(provision, lookup)))
    failing = _failing(best, lookup)
    first = Because(f"`{model.name}` returns `{prediction}` only with {_ways(useful)}")
    rest = (
        Because(lookup(condition.option).shown, lookup(condition.option).label()) for condition in failing
    )
    return Need("prediction", prediction, Verdict.NOT_MET, (first, *rest), best.carries, tuple(failing))


def _failing(provision: Provision, lookup: Lookup) -> list[Condition]:
    return [condition for condition in provision.when if holds(condition, lookup) is Verdict.NOT_MET]


def _ways(provisions: Iterable[Provision]) -> str:
    ways = dict.fromkeys(
        " and ".join(f"`{condition.text}`" for condition in entry.when) for entry in provisions
    )
    return ", or with ".join(ways)


def _labels(conditions: Iterable[Condition], lookup: Lookup) -> tuple[Label, ...]:
    return tuple(label for condition in conditions for label in lookup(condition.option).label())
