"""L101: a name in a loss that no term has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from ...diagnostics import Diagnostic, Severity
from ..moving import taken_home
from ..rule import Context, Rule
from ._words import at_stage_start, places


@final
class UnknownTerm(Rule):
    """A name in a loss that no term has.

    What it checks: every key of every stage's `loss` is a loss term of the trainer version. Checking goes
    on with the term that was clearly meant.

    Why it matters: the trainer looks the names of a stage up when that stage starts, not before. A typo in
    the second stage costs the whole first stage: a ValueError, hours into the job.

    How to fix: take the suggested name, or one that `mace-scf capabilities` lists.
    """

    code, slug, severity = "L101", "unknown-term", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Say of each unknown name when it would be noticed, and who knows it."""
        stages = places(context)
        for finding in context.structural:
            if finding.code == self.code and finding.span is not None:
                known = stages.get(finding.span)
                when = at_stage_start(known[0], context.trainer) if known else finding.when
                fix = finding.fix or taken_home(context, finding)
                yield _with_strangers(attrs.evolve(finding, when=when, fix=fix), context)


def _with_strangers(finding: Diagnostic, context: Context) -> Diagnostic:
    """Terms of another trainer version are no typos: say whose they are, and what they are a variant of."""
    name = finding.message.split("`")[1]
    found = _elsewhere(name, context.trainer.name)
    if found is None:
        return attrs.evolve(finding, help=_LISTED) if finding.help == f"remove `{name}`" else finding
    owner, base = found
    note = f"`{name}` is a term of trainer `{owner}`, not of `{context.trainer.name}`"
    instead = f"take `{base}`, or " if base in context.trainer.term_by_name else ""
    advice = f"{instead}check with `--trainer {owner}` if that is what trains"
    return attrs.evolve(finding, notes=(*finding.notes, note), help=advice, suggestions=(), fix=None)


_LISTED = "`mace-scf capabilities` lists the terms there are"


def _elsewhere(name: str, asked: str) -> tuple[str, str] | None:
    """Another trainer version that has the term, and the plain term it varies."""
    from ...catalog.registry import trainers

    for trainer in trainers():
        if trainer.name != asked.partition("+")[0] and name in trainer.term_by_name:
            return trainer.name, trainer.term_by_name[name].base
    return None
