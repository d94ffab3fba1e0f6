"""What the rules about data content share: who carries a label, who wants it, what else could be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from ...catalog.model import LabelInput
from ...catalog.reach import reach
from ...catalog.term import Term
from ...config import Setting
from ...resolve import Verdict, all_hold, stage_lookup
from ..data_facts import Split
from ..helpers import known_model
from ..rule import Context
from ._heads import Mapped, mapped

if TYPE_CHECKING:
    from ...dataset import DatasetProfile
    from ...dataset.moments import Moments
    from ...dataset.place import Place

ISOLATED = "IsolatedAtom"
MOLECULES = "molID"  # without it a frame counts as one molecule
_MAIN = ("energy", "forces", "dipole")  # a file with none of them is refused


class Broken(NamedTuple):
    """Numbers that are NaN or infinite: how many, and where the first is."""

    number: int
    first: Place

    @property
    def phrase(self) -> str:
        """``is NaN or infinite in 2 places``."""
        return f"is NaN or infinite in {counted(self.number, 'place')}"


@attrs.frozen(eq=False)
class Presence:
    """One mapped label in one split.

    Attributes:
        line: the line of the head that maps it.
        split: the frames.
        carried: frames in which the trainer finds it.
        frames: frames that count; of the training frames those that are no isolated atoms.
    """

    line: Mapped
    split: Split
    carried: int
    frames: int

    @property
    def missing(self) -> int:
        """Frames without it."""
        return self.frames - self.carried

    @property
    def shown(self) -> str:
        """``train: 10 of 62 frames``."""
        return f"{self.split.name}: {self.carried} of {counted(self.frames, 'frame')}"

    @property
    def first_missing(self) -> Place | None:
        """The first frame without it, where that is known."""
        from ...dataset.answers import carries, first_frames_with

        key, location = str(self.line.key.value), location_of(self.line)
        found = first_frames_with(
            self.split.profile, lambda items: not carries(items, location, key), limit=1
        )
        return found[0] if found else None


def first_lacking(found: Iterable[Presence]) -> tuple[str, ...]:
    """A note that names the first frame without the label, in each split that has such frames."""
    places = [entry.first_missing for entry in found if entry.missing]
    shown = [place.shown for place in places if place is not None]
    return (f"the first without it: {'; '.join(shown)}",) if shown else ()


def counted(number: int, word: str) -> str:
    """``1 frame``, ``2 frames``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def verb(number: int, plural: str, singular: str = "") -> str:
    """``lack`` of several, ``lacks`` of one."""
    return plural if number != 1 else singular or f"{plural}s"


def location_of(line: Mapped) -> str:
    """``info`` or ``arrays``."""
    return line.container.removesuffix("_keys")


def read_lines(context: Context) -> Iterator[Mapped]:
    """Properties that the trainer looks up in the files, under a key it can find."""
    for line in mapped(context):
        if line.is_read and line.is_at_home and isinstance(line.key.value, str):
            yield line


def read_line(context: Context, name: str) -> Mapped | None:
    """The line of one property, if the trainer looks it up."""
    return next((line for line in read_lines(context) if line.name == name), None)


def is_findable(line: Mapped) -> bool:
    """The key survives ASE's reading, or the trainer asks for it again."""
    found = reach(location_of(line), str(line.key.value))
    return found.reachable or is_rewritten(line)


def is_rewritten(line: Mapped) -> bool:
    """A literal key that the trainer stores again in every frame, with weight 1."""
    found = reach(location_of(line), str(line.key.value))
    return bool(found.rewritten) and line.name == line.key.value


def presence(line: Mapped, split: Split) -> Presence | None:
    """In how many frames of a split a label is; None where the profile could not keep its keys."""
    profile = split.profile
    if profile.crowded or not profile.frames:
        return None
    key, location = str(line.key.value), location_of(line)
    carried, frames = _frames_with(profile, location, key), profile.frames
    if split.name == "train":
        lone = isolated_frames(profile)
        carried, frames = carried - _isolated_with(profile, location, key), frames - lone
    return Presence(line, split, carried, frames) if frames > 0 else None


def presences(context: Context, line: Mapped) -> list[Presence]:
    """The same for every split that was measured."""
    found = (presence(line, split) for split in context.data.splits)
    return [presence for presence in found if presence is not None]


def isolated_frames(profile: DatasetProfile) -> int:
    """Training frames that define E0s and are taken out."""
    return len(profile.isolated)


def _frames_with(profile: DatasetProfile, location: str, key: str) -> int:
    from ...dataset.answers import find_key

    facts = find_key(profile, location, key)
    return facts.frames if facts is not None else 0


def _isolated_with(profile: DatasetProfile, location: str, key: str) -> int:
    """Isolated atoms that carry a key."""
    if not profile.isolated:
        return 0
    return sum(
        count
        for (config_type, _, item), count in profile.group_items.counts.items()
        if config_type == ISOLATED and (item.location, item.key) == (location, key)
    )


def is_refused(context: Context, split: Split) -> bool:
    """No frame of the split has an energy, forces or a dipole: the trainer takes no such file."""
    lines = {line.name: line for line in read_lines(context)}
    found = [presence(lines[name], split) for name in _MAIN if name in lines and is_findable(lines[name])]
    return all(entry is not None and not entry.carried for entry in found)


def terms_reading(context: Context, name: str) -> dict[str, Term]:
    """Terms of the run that read a label, by name."""
    return {
        resolution.term.name: resolution.term
        for stage in context.stages
        for resolution in stage.terms
        if resolution.term is not None and name in (*resolution.term.references, resolution.term.weight_of)
    }


def ignoring_weight(context: Context, name: str) -> dict[str, Term]:
    """Those of them that fit frames without the label to zeros."""
    if context.trainer.leaves_out_unlabelled or name == MOLECULES:
        return {}
    return {
        term.name: term
        for term in terms_reading(context, name).values()
        if name in term.references and term.weight_of != name
    }


def inputs_reading(context: Context, name: str) -> list[LabelInput]:
    """Certain uses of a label as input of the model, in some stage."""
    model = known_model(context)
    if model is None or not context.stages:
        return []
    lookups = [stage_lookup(context.run, stage.stage) for stage in context.stages]
    return [
        entry
        for entry in model.inputs
        if entry.quantity == name and any(all_hold(entry.when, look) is Verdict.MET for look in lookups)
    ]


def listed(names: dict[str, Term]) -> str:
    """```a`, `b` ``."""
    return ", ".join(f"`{name}`" for name in names)


def option_place(split: Split, setting: Setting[Any] | None = None) -> Setting[Any]:
    """The setting a finding about content stands at: a given option, else the file's."""
    return setting if setting is not None and setting.given else split.setting


def moments_of(profile: DatasetProfile, line: Mapped) -> list[Moments]:
    """What is known of every component of a label's numbers."""
    place = (location_of(line), str(line.key.value))
    return [moments for (*key, _), moments in profile.numbers.items() if tuple(key) == place]


def broken_numbers(profile: DatasetProfile) -> dict[tuple[str, str], Broken]:
    """(location, key) -> where it is NaN or infinite."""
    found: dict[tuple[str, str], Broken] = {}
    for (location, key, _), moments in profile.numbers.items():
        if moments.first_nan is not None:
            known = found.get((location, key), Broken(0, moments.first_nan))
            count = known.number + moments.nan + moments.infinite
            found[location, key] = Broken(count, min(known.first, moments.first_nan))
    return found


def broken_labels(context: Context, split: Split) -> frozenset[tuple[str, str]]:
    """(location, key) of the mapped labels of the split that are NaN or infinite somewhere."""
    mapped = {(location_of(line), str(line.key.value)) for line in read_lines(context) if is_findable(line)}
    return frozenset(mapped & broken_numbers(split.profile).keys())
