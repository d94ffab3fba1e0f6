"""D234: weights of frames that are negative, or zero throughout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...catalog.term import Term
from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import listed, read_lines, terms_reading, verb

if TYPE_CHECKING:
    from ...dataset.moments import Moments

_ALL = "config_weight"


@final
class FrameWeightSign(Rule):
    """Weights of frames that are negative, or zero throughout.

    What it checks: `config_weight` and the weights of mapped properties (`config_energy_weight`, …) in the
    files: none is negative, not all of them are zero in the training frames, and every term of the run takes
    `config_weight` where it is not 1.

    Why it matters: with a negative weight training drives the error of these frames up. Where every weight is
    zero, the terms are 0 throughout and teach nothing. Some terms, such as those on densities, do not look at
    `config_weight` at all: frames that were switched off by it still count there.

    How to fix: write weights of 0 and above; leave the entry out where the weight is 1.
    """

    code, slug, severity = "D234", "frame-weight-sign", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such weight and file."""
        for split in context.data.splits:
            for key, terms in _weights(context).items():
                found = [
                    split.profile.numbers[one] for one in split.profile.numbers if one[:2] == ("info", key)
                ]
                negative = [moments for moments in found if moments.minimum and moments.minimum.value < 0.0]
                if negative:
                    yield self._negative(split, key, negative[0])
                elif split.name == "train" and found and all(_is_zero(split, moments) for moments in found):
                    yield self._zero(split, key, terms)
                elif split.name == "train" and key == _ALL and any(_counts(moments) for moments in found):
                    yield from self._passed_over(context, split)

    def _negative(self, split: Split, key: str, moments: Moments) -> Diagnostic:
        assert moments.minimum is not None
        return self.finding(
            f"`{key}` is negative in `{split.setting.name}`", span=split.setting.span,
            notes=(f"{moments.minimum.value:g} in {moments.minimum.place.shown}",),
            when="training makes the error of these frames as large as it can, and nobody complains",
            help="write 0 to leave frames out",
        )  # fmt: skip

    def _zero(self, split: Split, key: str, terms: dict[str, Term]) -> Diagnostic:
        return self.finding(
            f"`{key}` is 0 in all {split.profile.frames} training frames", span=split.setting.span,
            severity=Severity.WARNING,
            notes=(f"it multiplies {listed(terms)}",) if terms else (),
            when="what it multiplies is 0 throughout, and nobody complains",
            help="remove the entry, or the terms",
        )  # fmt: skip

    def _passed_over(self, context: Context, split: Split) -> Iterator[Diagnostic]:
        deaf = {
            resolution.term.name: resolution.term
            for stage in context.stages for resolution in stage.terms
            if resolution.term is not None and not resolution.term.config_weight
        }  # fmt: skip
        if deaf:
            yield self.finding(
                f"{listed(deaf)} {verb(len(deaf), 'do', 'does')} not look at `{_ALL}`",
                span=split.setting.span, severity=Severity.INFO,
                notes=(f"`{_ALL}` of the training frames is not 1 everywhere",),
                when="these frames count fully in it, and nobody complains",
                help="nothing, if that is meant; else take the frames out",
            )  # fmt: skip


def _weights(context: Context) -> dict[str, dict[str, Term]]:
    """Entries that the trainer reads as weights -> the terms that they multiply."""
    every = {
        resolution.term.name: resolution.term
        for stage in context.stages for resolution in stage.terms
        if resolution.term is not None and resolution.term.config_weight
    }  # fmt: skip
    found = {_ALL: every}
    for line in read_lines(context):
        if line.quantity is not None and line.quantity.weight:
            terms = terms_reading(context, line.name)
            found[line.quantity.weight] = {
                name: term for name, term in terms.items() if term.weight_of == line.name
            }
    return {key: terms for key, terms in found.items() if key == _ALL or terms}


def _is_zero(split: Split, moments: Moments) -> bool:
    return moments.zeros == moments.count == split.profile.frames


def _counts(moments: Moments) -> bool:
    """Some frame has another weight than 1."""
    low, high = moments.minimum, moments.maximum
    return low is not None and high is not None and (low.value, high.value) != (1.0, 1.0)
