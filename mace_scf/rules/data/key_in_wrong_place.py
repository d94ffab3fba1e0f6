"""D204: a key that the files have elsewhere than where the trainer looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._candidates import renamed
from ._heads import Mapped
from ._labels import Presence, is_findable, location_of, presences, read_lines

_PLACES = {"info": "the comment line", "arrays": "the columns of the atoms"}


@final
class KeyInWrongPlace(Rule):
    """A key that the files have elsewhere than where the trainer looks.

    What it checks: a property per frame has its key in the comment line, a property per atom among the
    columns; and ASE leaves the column its name.

    Why it matters: the trainer looks in one place only and finds the label in no frame: zeros with weight 0.
    The total dipole of a frame is not the dipoles of its atoms, and total charges are not atomic ones, so a
    key in the other place is often another quantity. Nothing complains.

    How to fix: map the key of the quantity that is meant, or write it where it belongs.
    """

    code, slug, severity = "D204", "key-in-wrong-place", Severity.ERROR
    after = ("D105", "D107")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each key that a training frame has in the other place only, or renamed."""
        for line in read_lines(context):
            found = presences(context, line)
            if is_findable(line) and found and found[0].split.name == "train" and not found[0].carried:
                yield from self._elsewhere(context, line, found[0])

    def _elsewhere(self, context: Context, line: Mapped, train: Presence) -> Iterator[Diagnostic]:
        from ...dataset.answers import find_key

        wanted = location_of(line)
        other = "arrays" if wanted == "info" else "info"
        facts = find_key(train.split.profile, other, str(line.key.value))
        if facts is not None:
            yield self.finding(
                f"`{line.key.value}` stands in {_PLACES[other]}, not in {_PLACES[wanted]}", span=line.key.span,
                labels=train.split.setting.label("read from here"),
                notes=(
                    f"{facts.frames} of {train.split.profile.frames} frames have it, as {facts.reading.shown}",
                    f"`{line.name}` holds one value set per {line.quantity.per if line.quantity else 'frame'}",
                ),
                when="the label is found in no frame, and nobody complains",
                help=f"map `{line.name}` to a key in {_PLACES[wanted]}",
                fix=renamed(context, line),
            )  # fmt: skip
