"""What a mistyped word most likely meant, out of the names that would have been right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

# Among so many names, words that mean none of them come near one by chance.
_CROWD = 64


class _Entry(NamedTuple):
    """One name, prepared."""

    signature: int
    folded: str
    name: str
    order: int


class _Index(NamedTuple):
    """All names of one place: by length for typing slips, by words for other spellings."""

    by_length: dict[int, list[_Entry]]
    by_words: dict[str, list[_Entry]]
    by_fewer: dict[str, list[_Entry]]
    longest: int
    crowded: bool


class _Rank(NamedTuple):
    """Sorts candidates; smaller is likelier."""

    slips: float
    implausible: float
    order: int
    name: str


def suggest(word: str, names: Sequence[str], *, limit: int = 3) -> tuple[str, ...]:
    """At most ``limit`` of ``names`` that ``word`` may have meant, best first; none if none is likely.

    Counts typing slips (a letter too many, missing, wrong, or two swapped), more of them in longer
    names. Case, ``-`` for ``_``, plurals, missing ``_`` and another order of the words hardly count,
    and failing all that, one of several words may be missing or added.

    >>> suggest("energy_per_atm", ("energy_per_atom", "energy_key", "forces"))
    ('energy_per_atom',)
    """
    index = _index(tuple(names))
    if not word or len(word) > index.longest + _reach(index.longest):
        return ()
    ranks = [*_other_spellings(word, index), *_slips(word, index)] or [*_one_word_off(word, index)]
    best = min(ranks, default=_Rank(0.0, 0.0, 0, "")).slips
    likely = sorted(rank for rank in ranks if rank.slips <= best + 1)  # two slips more mean another word
    return tuple(dict.fromkeys(rank.name for rank in likely))[:limit]


def abbreviations(word: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that begin with ``word`` and go on, in their order."""
    return tuple(name for name in names if name != word and name.startswith(word))


def _reach(length: int) -> int:
    """Slips worth believing in a name of that length: chance meets short names too easily."""
    return 0 if length < 2 else 1 if length < 6 else 2 if length < 13 else 3


@lru_cache(maxsize=64)
def _index(names: tuple[str, ...]) -> _Index:
    index = _Index({}, {}, {}, max(map(len, names), default=0), len(names) > _CROWD)
    for order, name in enumerate(names):
        folded = _fold(name)
        entry = _Entry(_signature(folded), folded, name, order)
        index.by_length.setdefault(len(folded), []).append(entry)
        for key in {_squashed(folded), _reordered(folded)}:
            index.by_words.setdefault(key, []).append(entry)
        for key in _one_word_fewer(folded):
            index.by_fewer.setdefault(key, []).append(entry)
    return index


def _fold(word: str) -> str:
    return word.lower().replace("-", "_")


def _squashed(folded: str) -> str:
    """Without separators and final plural."""
    return folded.replace("_", "").removesuffix("s")


def _reordered(folded: str) -> str:
    """The words in one order, without plurals."""
    return " ".join(_words(folded))


def _words(folded: str) -> list[str]:
    return sorted(part.removesuffix("s") for part in folded.split("_"))


def _one_word_fewer(folded: str) -> set[str]:
    """What is left, two words at least, when any one is taken away."""
    words = _words(folded)
    return {" ".join(words[:i] + words[i + 1 :]) for i in range(len(words))} if len(words) > 2 else set()


def _signature(folded: str) -> int:
    """A bit for each letter; the second ``e`` of a word sets another bit than the first."""
    bits = 0
    for letter in folded:
        bit = 1 << (ord(letter) & 31)
        while bits & bit:
            bit <<= 32
        bits |= bit
    return bits


def _other_spellings(word: str, index: _Index) -> Iterator[_Rank]:
    folded = _fold(word)
    for key in {_squashed(folded), _reordered(folded)}:
        for entry in index.by_words.get(key, ()):
            slips = 0.0 if entry.folded == folded else 0.5
            yield _Rank(slips, float(abs(len(entry.folded) - len(folded))), entry.order, entry.name)


def _one_word_off(word: str, index: _Index) -> Iterator[_Rank]:
    """Names with one word more or less, where only one name has those words."""
    folded = _fold(word)
    more = [index.by_fewer.get(_reordered(folded), [])]
    fewer = [index.by_words.get(key, []) for key in _one_word_fewer(folded)]
    for found in more + fewer:
        if len(found) == 1:
            yield _Rank(0.0, 0.0, found[0].order, found[0].name)


def _slips(word: str, index: _Index) -> Iterator[_Rank]:
    folded = _fold(word)
    for entry, bound in _near(folded, index):
        slips = _distance(folded, entry.folded, bound)
        if slips <= bound and not (index.crowded and _by_chance(folded, entry.folded, slips)):
            yield _Rank(slips, _implausible(word, entry.name), entry.order, entry.name)


def _near(folded: str, index: _Index) -> Iterator[tuple[_Entry, int]]:
    """Names that may lie within reach, judged by their letters alone.

    One slip changes at most one letter for another, that is two bits, or adds or drops one, that is
    one bit and one of length.
    """
    signature = _signature(folded)
    for length in range(len(folded) - 3, len(folded) + 4):
        bound = _reach(length)
        bits = 2 * bound - abs(length - len(folded))
        for entry in index.by_length.get(length, ()):
            if (entry.signature ^ signature).bit_count() <= bits:
                yield entry, bound


def _distance(one: str, other: str, bound: int) -> int:
    """Slips between two words (Damerau-Levenshtein), or ``bound + 1`` if there are more.

    Two letters count as swapped even when a further slip has put something between them.
    """
    one, other = _cores(one, other)
    if abs(len(one) - len(other)) > bound or not one or not other:
        return min(max(len(one), len(other)), bound + 1)
    rows = [list(range(len(other) + 1))]
    seen: dict[str, int] = {}
    for row, letter in enumerate(one, 1):
        rows.append(_next_row(row, letter, other, rows, seen, bound))
        seen[letter] = row
        if min(rows[-1]) > bound:  # later rows only grow
            return bound + 1
    return min(rows[-1][-1], bound + 1)


def _next_row(
    row: int, letter: str, other: str, rows: list[list[int]], seen: dict[str, int], bound: int
) -> list[int]:
    """Slips from the first ``row`` letters of one word to every beginning of the other.

    ``seen`` says in which row each letter was last met. Beginnings longer or shorter by more than
    ``bound`` cannot lead to fewer slips than that and are left out.
    """
    above, met = rows[-1], 0
    first_column, last_column = max(1, row - bound), min(len(other), row + bound)
    new = [row] + [bound + 1] * len(other)
    for column in range(first_column, last_column + 1):
        target = other[column - 1]
        slips = min(above[column] + 1, new[column - 1] + 1, above[column - 1] + (letter != target))
        first = seen.get(target, 0)
        if first and met:
            between = row - first + column - met - 2
            slips = min(slips, rows[first - 1][met - 1] + between + 1)
        if letter == target:
            met = column
        new[column] = slips
    return new


def _cores(one: str, other: str) -> tuple[str, str]:
    """Both words without what they share at their ends."""
    shorter = min(len(one), len(other))
    start = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    shorter -= start
    end = next((i for i in range(shorter) if one[-1 - i] != other[-1 - i]), shorter)
    return one[start : len(one) - end], other[start : len(other) - end]


def _by_chance(word: str, name: str, slips: int) -> bool:
    """Two wrong letters of six: in a crowd of names, any word comes that near to one of them."""
    if slips != 2 or len(word) != 6 or len(name) != 6:
        return False
    wrong = [(typed, meant) for typed, meant in zip(word, name, strict=True) if typed != meant]
    moved = {typed for typed, _ in wrong} & {meant for _, meant in wrong}
    return len(wrong) == 2 and not moved


def _implausible(word: str, name: str) -> float:
    """How unlike a slip of the hand the difference is; only tells equally near names apart.

    A forgotten letter is the commonest slip, then an added one; people get the first letter right.
    """
    typed, _ = _cores(_fold(word), _fold(name))
    another_case = 0.5 * (word.islower() and not name.islower())
    return (word[:1] != name[:1]) + len(typed) + another_case
