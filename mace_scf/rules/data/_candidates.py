"""Keys of the files that may be meant: what fits by place and form first, then by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from ...catalog.quantity import Quantity
from ...diagnostics import Fix
from ..data_facts import Split
from ..helpers import rewrite
from ..rule import Context
from ._heads import Mapped, mapped
from ._labels import location_of

if TYPE_CHECKING:
    from ...dataset.answers import KeyFacts

_FORMS = {
    "[G]": (1,), "[N]": (1,), "[N,1]": (1,), "[N,3]": (3,), "[G,3]": (3,), "[G,3,3]": (9, 6), "[N,M]": (4, 1, 9),
}  # fmt: skip
_PREFIX = re.compile(r"^(ref|dft|mace|corrected|aims|qm|label|target|atom|atomic)_")
_LIKELY = 0.6  # of the letters in common; a fix is offered from here on


@attrs.frozen
class Candidate:
    """A key of the file that may be meant: the trainer would find it, and its form fits."""

    key: str
    likeness: float
    frames: int


def candidates(context: Context, line: Mapped, split: Split) -> list[Candidate]:
    """Keys in the right place with the right form that nothing else is mapped to, the likeliest first."""
    from ...dataset.answers import key_facts

    assert line.quantity is not None
    taken = {str(other.key.value) for other in mapped(context)}
    found = [
        Candidate(facts.key, _likeness(facts.key, line), facts.frames)
        for facts in key_facts(split.profile)
        if facts.key not in taken and _plays_the_role(facts, line.quantity, location_of(line))
    ]
    return sorted(found, key=lambda candidate: (-candidate.likeness, -candidate.frames, candidate.key))


def likely(found: list[Candidate]) -> list[Candidate]:
    """Those whose name says so too."""
    return [candidate for candidate in found if candidate.likeness >= _LIKELY]


def renamed(context: Context, line: Mapped) -> Fix | None:
    """The likeliest key of the training frames in place of the mapped one."""
    train = context.data.train
    best = likely(candidates(context, line, train)) if train is not None and line.quantity is not None else []
    return rewrite(context, line.key.span, best[0].key, safe=False) if best else None


def misplaced(line: Mapped, split: Split) -> list[str]:
    """Keys with the label's name that cannot serve, and why."""
    from ...dataset.answers import key_facts

    assert line.quantity is not None
    wanted = {_bare(line.name), _bare(str(line.key.value))}
    notes = []
    for facts in key_facts(split.profile):
        fits = _plays_the_role(facts, line.quantity, location_of(line))
        if _bare(facts.key) in wanted and not fits and not facts.key.startswith("config_"):
            notes.append(f"`{facts.key}` cannot serve: {_why_not(facts, line)}")
    return notes


def taken_by_ase(line: Mapped, split: Split) -> str:
    """A key with the label's name, in the right place, that ASE moves away on reading; "" if there is none."""
    from ...dataset.answers import key_facts

    wanted = {_bare(line.name), _bare(str(line.key.value))}
    here = (facts for facts in key_facts(split.profile) if facts.location == location_of(line))
    return next((facts.key for facts in here if _bare(facts.key) in wanted and not facts.reach.reachable), "")


def _plays_the_role(facts: KeyFacts, quantity: Quantity, location: str) -> bool:
    """Reachable, in the right place, numeric, and of a form that the label can have."""
    if facts.location != location or not facts.reach.reachable or not facts.reading.numeric:
        return False
    if facts.key.startswith("config_"):
        return False
    forms = _FORMS.get(quantity.shape, ())
    return (facts.reading.size in forms) if forms else True


def _why_not(facts: KeyFacts, line: Mapped) -> str:
    if facts.location != location_of(line):
        place = "stands in the comment line" if facts.location == "info" else "is a column of the atoms"
        return f"it {place}"
    if not facts.reach.reachable:
        return facts.reach.why
    return f"it holds {facts.reading.shown}"


def _likeness(key: str, line: Mapped) -> float:
    """How much the spelling has in common with the property or the key that was asked for."""
    from difflib import SequenceMatcher  # paid for where a key is missing

    return max(
        SequenceMatcher(None, _bare(key), _bare(wanted), autojunk=False).ratio()
        for wanted in (line.name, str(line.key.value))
    )


def _bare(name: str) -> str:
    """Without case, prefixes and plural."""
    name = name.lower()
    while (shorter := _PREFIX.sub("", name)) != name:
        name = shorter
    return name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")
