"""D201: a label that no training frame carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import rewrite
from ..rule import Context, Rule
from ._candidates import candidates, likely, misplaced, taken_by_ase
from ._heads import Mapped
from ._labels import (
    MOLECULES,
    Presence,
    ignoring_weight,
    is_findable,
    is_refused,
    is_rewritten,
    listed,
    presences,
    read_lines,
    terms_reading,
    verb,
)

_CHARGE = "total_charge"


@final
class LabelOnNoFrame(Rule):
    """A label that no training frame carries.

    What it checks: the key of every property that a loss term reads is in a frame of the training file, in
    the comment line or among the columns as the property wants it.

    Why it matters: a key that is not there is no error for the trainer: the label is zero in every frame,
    with weight 0. The term then trains nothing, or fits zeros where it does not look at that weight. The
    run starts, the loss is 0.0000, and nobody complains.

    How to fix: map the property to the key of the files. What the files hold is in the message: first what
    has the right place and form, then what has the right name.
    """

    code, slug, severity = "D201", "label-on-no-frame", Severity.ERROR
    after = ("D105", "D204")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such label."""
        for line in read_lines(context):
            if not terms_reading(context, line.name) or not is_findable(line):
                continue
            found = presences(context, line)
            if found and found[0].split.name == "train" and not found[0].carried:
                yield self._absent(context, line, found)

    def _absent(self, context: Context, line: Mapped, found: list[Presence]) -> Diagnostic:
        train = found[0]
        near = candidates(context, line, train.split)
        best = [candidate.key for candidate in likely(near)][:3]
        others = [f"`{candidate.key}` ({candidate.frames})" for candidate in near[:4]]
        terms = terms_reading(context, line.name)
        return self.finding(
            f"`{line.key.value}` is in none of the {train.frames} training frames", span=line.key.span,
            labels=train.split.setting.label("they are read from here"),
            notes=(
                f"read by {listed(terms)}",
                *(presence.shown for presence in found[1:] if presence.carried),
                *misplaced(line, train.split)[:2],
                *([f"fitting keys of the file, with their frames: {', '.join(others)}"] if others else []),
            ),
            when=_when(context, line, train),
            severity=Severity.WARNING if line.name == _CHARGE else Severity.ERROR,
            help=_help(line, best, taken_by_ase(line, train.split)),
            suggestions=tuple(best),
            fix=rewrite(context, line.key.span, best[0], safe=False) if best else None,
        )  # fmt: skip


def _when(context: Context, line: Mapped, train: Presence) -> str:
    if is_refused(context, train.split):
        return "the trainer stops when it loads the data: no energy, no forces, no dipole in any frame"
    if line.name == MOLECULES:
        return "every frame counts as one molecule, and nobody complains"
    if line.name == _CHARGE:
        return "every frame counts as neutral, and nobody complains"
    if context.trainer.leaves_out_unlabelled:
        return "no frame counts: the terms are 0 throughout"
    fitted = ignoring_weight(context, line.name)
    if is_rewritten(line):
        return "every frame is fitted to zeros with weight 1, and nobody complains"
    if fitted:
        return f"{listed(fitted)} {verb(len(fitted), 'fit')} every frame to zeros, and nobody complains"
    return "every frame has weight 0: the terms are 0 throughout, and nobody complains"


def _help(line: Mapped, best: list[str], moved: str) -> str:
    if best:
        return f"did you mean `{best[0]}`?"
    if moved:
        return f"rename `{moved}` in the files to `{line.key.value}`: under its own name ASE takes it away"
    if line.name == _CHARGE:
        return "write the total charge of every frame, zeros too; or map it to its key in the files"
    return "map it to its key in the files, or remove the terms"
