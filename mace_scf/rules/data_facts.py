"""What the data files of a run hold, measured when it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import attrs

from ..config import RunConfig, Setting
from ..dataset.folders import WORTH_KEEPING
from ..dataset.paths import is_data_file
from ..errors import UnreadableInputError
from ..inputs import read_text

if TYPE_CHECKING:
    from ..cards import Card
    from ..cards.declared import Split as Declared
    from ..dataset import DatasetProfile
    from ..dataset.evidence import Evidence
    from .identities import Look

FILES = {"train": "train_file", "valid": "valid_file", "test": "test_file"}
_MOST_LABELS = 8
_NUMBERS = (
    "numbers of the atom lines (`--values` reads them): NaN among them, labels that contradict each other, "
    "one geometry with two labels"
)
_TRUST = {
    "stat": "; known from an earlier run by size, time and inode",
    "content": "; known from an earlier run by content",
    "tail": "; only what was appended was read",
}


@attrs.frozen(eq=False)
class Split:
    """The frames of one split.

    Attributes:
        name: ``train``, ``valid`` or ``test``.
        setting: the option that names the file.
        path: the file, or the card that stands for it.
        profile: what it holds.
        trust: how the profile was come by, for the report; "" if the file was read.
        is_card: it is known from a card alone.
        declared: what was written by hand, in such a card.
    """

    name: str
    setting: Setting[str]
    path: str
    profile: DatasetProfile
    trust: str = ""
    is_card: bool = False
    declared: Declared | None = None

    @property
    def knows_isolated_atoms(self) -> bool:
        """Whether frames of lone atoms would be seen; a card by hand may say nothing of them."""
        return self.declared is None or self.declared.isolated_atoms is not None

    @property
    def summary(self) -> str:
        """``train data/train.xyz: 62 frames, labels REF_energy, REF_forces``."""
        from ..dataset.answers import is_label_key, key_facts

        names = [
            facts.key
            for facts in key_facts(self.profile)
            if is_label_key(facts.key) and facts.key != "config_type"
        ]
        more = f" and {len(names) - _MOST_LABELS} more" if len(names) > _MOST_LABELS else ""
        labels = f"labels {', '.join(names[:_MOST_LABELS])}{more}" if names else "no labels"
        frames = f"{self.profile.frames} frame{'' if self.profile.frames == 1 else 's'}"
        return f"{self.name} {self.path}: {frames}, {labels}{self.trust}"


@attrs.frozen
class Measuring:
    """How data files are looked at.

    Attributes:
        values: every number is parsed, and identities of the labels are tested.
        verify: a cached profile is believed only if the whole content is as it was.
        cards: cards in place of data, each the path alone or ``split=path``.
    """

    values: bool = False
    verify: bool = False
    cards: tuple[str, ...] = ()


@attrs.frozen(eq=False, slots=False)
class DataFacts:
    """The data files of a run.

    Attributes:
        run: the options that name them.
        folders: where relative names may start from.
        measuring: how they are looked at.
        cards: cards in place of files.
        files: look at files, too.
    """

    run: RunConfig
    folders: tuple[str, ...]
    measuring: Measuring = attrs.field(factory=Measuring)
    cards: tuple[GivenCard, ...] = ()
    files: bool = True

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """Train, valid and test, as far as their files are there and hold extended XYZ."""
        cards = _by_split(self.cards, self.run)
        found = (self._split(name, cards) for name in FILES)
        return tuple(split for split in found if split is not None)

    @cached_property
    def unreadable(self) -> list[str]:
        """One phrase for each file that is there and could not be opened; complete once the splits are."""
        return []

    def split(self, name: str) -> Split | None:
        """One split by its name."""
        return next((split for split in self.splits if split.name == name), None)

    @property
    def train(self) -> Split | None:
        """The training frames (with those that are set aside, where no file is named for validation)."""
        return self.split("train")

    @cached_property
    def looks(self) -> dict[str, Look]:
        """Frames number by number, by split; nothing unless values are looked at."""
        head = self.run.head
        files = [split for split in self.splits if not split.is_card] if self.measuring.values else []
        if not files or head is None:
            return {}
        from .identities import is_testable, look_at

        if not is_testable():
            return {}
        return {split.name: look_at(split.path, split.profile.frames, head, self.run) for split in files}

    @cached_property
    def evidence(self) -> dict[str, tuple[Evidence, ...]]:
        """What identities of the labels say, by split."""
        return {name: look.evidence for name, look in self.looks.items()}

    @property
    def confirmed(self) -> Iterator[str]:
        """One line for each file."""
        yield from (split.summary for split in self.splits)
        yield from self.unreadable
        if self.evidence:
            from .identities import summary

            yield from (summary(name, found) for name, found in self.evidence.items() if found)

    @property
    def not_seen(self) -> Iterator[str]:
        """What was asked for and could not be looked at."""
        if not any(not split.is_card for split in self.splits):
            return
        if not self.measuring.values:
            yield _NUMBERS
        else:
            from .identities import is_testable

            if not is_testable():
                yield "identities of the labels: numpy is not installed (it comes with the extra `dataset`)"

    def _split(self, name: str, cards: Mapping[str, tuple[Card, str]]) -> Split | None:
        setting = self.run.option(FILES[name])
        if name in cards:
            card, own = cards[name]
            declared = card.declared.get(own)
            trust = f" (card{self._taken_for(name, own, card)})"
            return Split(name, setting, card.file, card.splits[own], trust, is_card=True, declared=declared)
        file = existing_file(setting, self.folders) if self.files else None
        if file is None:
            return None
        try:
            profile, trust = _measured(file, self.measuring)
        except UnreadableInputError as error:
            self.unreadable.append(f"{name} {error}")
            return None
        return Split(name, setting, file, profile, trust)

    def _taken_for(self, name: str, own: str, card: Card) -> str:
        """That nothing but a guess makes a card this split, and how to say it."""
        named = any(given.split and given.card is card for given in self.cards)
        profile = card.splits[own]
        files = {os.path.basename(path) for path in profile.files}
        if (
            own
            or named
            or (len(files) == 1 and os.path.basename(str(self.run.option(FILES[name]).value)) in files)
        ):
            return ""
        of = f" of {len(files)} files" if len(files) > 1 else ""
        return f"{of}, taken for the {name} frames: `--dataset-card SPLIT={card.file}` says otherwise"


def start_folders(gone_to: str | None, directory: str | None, launcher_file: str | None) -> tuple[str, ...]:
    """Folders that relative paths may start from: where training will start is not known.

    Args:
        gone_to: where the launcher goes to before it trains, if it does.
        directory: of the config.
        launcher_file: name of the launcher, if there is one.
    """
    launcher = os.path.dirname(launcher_file) if launcher_file is not None else None
    folders = (gone_to, directory, launcher, os.curdir)
    return tuple(dict.fromkeys(folder or os.curdir for folder in folders if folder is not None))


def places_of(setting: Setting[str], folders: Iterable[str]) -> list[str]:
    """Where the file of an option may be; nothing where the option was not seen."""
    if not (setting.given and setting.known and isinstance(setting.value, str) and setting.value):
        return []
    value = setting.value
    places = [value if folder == os.curdir else os.path.join(folder, value) for folder in folders]
    # A folder that the launcher makes first is not there yet, so that `made/../data.xyz` leads nowhere.
    return list(dict.fromkeys([*places, *map(os.path.normpath, places)]))


def existing_file(setting: Setting[str], folders: Iterable[str]) -> str | None:
    """The file of an option, if it is there and its name says that it holds extended XYZ."""
    for place in places_of(setting, folders):
        try:
            if os.path.isfile(place):
                return place if is_data_file(place) else None
        except ValueError:  # a null character in the name
            return None
    return None


def _measured(path: str, measuring: Measuring) -> tuple[DatasetProfile, str]:
    try:
        found = os.stat(path)
    except OSError as error:
        raise UnreadableInputError(path, error.strerror or str(error)) from error
    if found.st_size < WORTH_KEEPING:
        return _scanned(path, measuring.values, found.st_size, found.st_mtime_ns, found.st_ino), ""
    from ..dataset.cache import cached_profile

    cached = cached_profile(path, values=measuring.values, verify=measuring.verify)
    return cached.profile, _TRUST.get(cached.trust, "")


@lru_cache(maxsize=8)
def _scanned(path: str, values: bool, *stat: int) -> DatasetProfile:
    """Configs of one folder often share their data; a file that changed in between is read again."""
    from ..dataset import scan_file

    return scan_file(path, values=values)


@attrs.frozen(eq=False)
class GivenCard:
    """A card with the split that it was given for, "" where none was named."""

    split: str
    card: Card


def read_cards(named: Iterable[str], texts: Mapping[str, str]) -> tuple[GivenCard, ...]:
    """The cards of a check; mistakes in them are findings.

    Args:
        named: each a path, or ``split=path``.
        texts: texts that stand for files of those names, such as mended ones.

    Raises:
        UnreadableInputError: one cannot be opened, or is no YAML by its name.
    """
    return tuple(_given_card(word, texts) for word in named)


def _given_card(word: str, texts: Mapping[str, str]) -> GivenCard:
    from ..cards import read_card

    split, sign, path = word.partition("=")
    if not sign or split not in FILES:
        if sign and split.isidentifier() and word not in texts and not os.path.exists(word):
            raise UnreadableInputError(word, f"no split `{split}`: {_splits(split)}")
        split, path = "", word
    if not path.endswith((".yaml", ".yml", ".json")):
        raise UnreadableInputError(path, "is no dataset card; it ends in .yaml")
    text = texts[path] if path in texts else read_text(path).text
    return GivenCard(split, read_card(text, file=path))


def _splits(mistyped: str) -> str:
    """Those there are, and which may be meant."""
    from ..catalog.suggest import suggest

    near = suggest(mistyped, tuple(FILES))
    return ", ".join(FILES) + (f"; did you mean {near[0]}?" if near else "")


def _by_split(given: Iterable[GivenCard], run: RunConfig) -> dict[str, tuple[Card, str]]:
    """Cards by split, each with the name of its own split that counts.

    What is named counts; else the splits that the card declares, or the one whose file it was taken from.
    """
    found: dict[str, tuple[Card, str]] = {}
    for one in given:
        own = one.card.splits
        if one.split and own:
            found[one.split] = (one.card, one.split if one.split in own else next(iter(own)))
        elif not one.split:
            found |= {name or _split_of(profile, run): (one.card, name) for name, profile in own.items()}
    return found


def _split_of(profile: DatasetProfile, run: RunConfig) -> str:
    names = {os.path.basename(path) for path in profile.files}
    for split, option in FILES.items():
        if os.path.basename(str(run.option(option).value)) in names:
            return split
    return "train"
