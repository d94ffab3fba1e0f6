"""D237: elements that hardly any training frame has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._elements import first_with, shown
from ._labels import counted

_FEW, _MANY = 10, 100  # training frames


@final
class RareElement(Rule):
    """Elements that hardly any training frame has.

    What it checks: every element of the validation frames is in a training frame; and where there are a
    hundred training frames or more, every element is in ten of them.

    Why it matters: the model gets parameters for every element of both files. Those of an element that no
    training frame has keep their random start; the validation errors then speak of them, and choose the
    checkpoint. With a few frames they are fitted to these few.

    How to fix: add training frames with the element, or take the frames with it out.
    """

    code, slug, severity = "D237", "rare-element", Severity.INFO
    after = ("D211", "D210")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for elements of the validation file alone, one for rare ones."""
        data = context.data
        train = data.train
        if train is None or train.declared is not None:
            return
        lone = [atom.number for atom in train.profile.isolated]
        frames = {number: seen.frames - lone.count(number) for number, seen in train.profile.elements.items()}
        valid = data.split("valid")
        alone = {number for number in (valid.profile.elements if valid else ()) if not frames.get(number)}
        if valid is not None and alone:
            yield self.finding(
                f"only the validation frames have {shown(alone)}", span=valid.setting.span,
                labels=train.setting.label("no frame to train on"), severity=Severity.WARNING,
                notes=first_with(context, alone),
                when="the validation errors speak of random parameters, and choose the checkpoint",
                help="train on the element, or take these frames out",
            )  # fmt: skip
        rare = {number: count for number, count in frames.items() if 0 < count < _FEW}
        if rare and train.profile.frames - len(lone) >= _MANY:
            counts = ", ".join(
                f"{shown([number])} in {counted(rare[number], 'frame')}" for number in sorted(rare)
            )
            yield self.finding(
                f"few of the {train.profile.frames - len(lone)} training frames have {shown(rare)}",
                span=train.setting.span, notes=(counts, *first_with(context, rare)),
                when="the parameters of the element are fitted to these frames alone",
                help="nothing, if that is meant",
            )  # fmt: skip
