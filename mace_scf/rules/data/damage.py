"""D901 to D939: damage in the data files, one rule for every kind that the scan knows."""

from __future__ import annotations

from collections.abc import Iterator

from ...dataset.damage import KINDS, Kind
from ...diagnostics import Diagnostic
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import broken_labels, broken_numbers

_NOT_FINITE = "D924"  # told of mapped labels by a rule of its own


class DamageRule(Rule):
    """Hands on what the scan of the data files found of one kind."""

    kind: Kind

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file."""
        if not any(split.profile.damage for split in context.data.splits):
            return
        from ...dataset.findings import diagnostics

        for split in context.data.splits:
            if self.code not in split.profile.damage:
                continue
            if self.code == _NOT_FINITE and (told := broken_labels(context, split)):
                yield from self._beside(split, told)
                continue
            yield from (found for found in diagnostics(split.profile) if found.code == self.code)

    def _beside(self, split: Split, told: frozenset[tuple[str, str]]) -> Iterator[Diagnostic]:
        """Numbers that are not finite beside labels that a rule of its own speaks of."""
        for place, broken in broken_numbers(split.profile).items():
            if place not in told:
                yield self.finding(
                    f"`{place[1]}` {broken.phrase}", span=split.setting.span,
                    notes=(f"the first in {broken.first.shown}",), when=self.kind.when,
                    help="leave these frames out",
                )  # fmt: skip


def _page(kind: Kind) -> str:
    """The page of a kind, as the docstring of its rule."""
    title = kind.phrase[0].upper() + kind.phrase[1:]
    when = kind.when or "the frame may be read otherwise than it was meant"
    return (
        f"{title}.\n\n"
        f"What it checks: frames, comment lines and atom lines of every data file, without the trainer. This "
        f"is found: {kind.phrase}.\n\n"
        f"Why it matters: {when}. The finding says where, how often, and how many frames ASE, which reads "
        "the file for the trainer, will hand on.\n\n"
        f"How to fix: {kind.help or 'look at the place, and write the frame again'}.\n"
    )


def _rule(kind: Kind) -> type[DamageRule]:
    name = "".join(word.capitalize() for word in kind.slug.split("-"))
    body = {
        "__doc__": _page(kind), "__module__": __name__, "kind": kind,
        "code": kind.code, "slug": kind.slug, "severity": kind.severity,
    }  # fmt: skip
    return type(name, (DamageRule,), body)


RULES: tuple[type[Rule], ...] = tuple(_rule(kind) for kind in KINDS.values())
