"""The parts of a profile that are more than counts: files, energies per composition, hashes, lone atoms."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from .loader import Verdict
from .place import Place

SKETCH_SIZE = 8192
_INDEX_ERRORS = (
    "XYZError",
    "UnicodeDecodeError",
    "UnknownFileTypeError",
)  # raised before any frame is looked at


@attrs.frozen
class FileFacts:
    """One file, or the part of it that was read.

    Attributes:
        path: as the user gave it.
        size: bytes read (as stored, so compressed for gzip).
        frames: in the file.
        atoms: in the file.
        content_hash: of all bytes; empty where only parts were read.
        stop: the loader's walk where it leaves ours.
        refusal: first frame that the loader refuses for its content, and why.
        rows_checked: the numbers of the atom lines were looked at.
    """

    path: str
    size: int = 0
    frames: int = 0
    atoms: int = 0
    content_hash: str = ""
    stop: Verdict | None = None
    refusal: tuple[int, str] | None = None
    rows_checked: bool = False

    def merge(self, other: FileFacts) -> FileFacts:
        """Two parts of the same file, or the same file twice."""
        stops = [stop for stop in (self.stop, other.stop) if stop is not None]
        refusals = [refusal for refusal in (self.refusal, other.refusal) if refusal is not None]
        return FileFacts(
            self.path,
            self.size + other.size,
            self.frames + other.frames,
            self.atoms + other.atoms,
            "",
            min(stops, key=lambda stop: (stop.frame or 0, stop.frames, stop.error), default=None),
            min(refusals, default=None),
            self.rows_checked and other.rows_checked,
        )

    @property
    def verdict(self) -> Verdict:
        """What the trainer's loader does with this file."""
        stop = self.stop
        if stop is not None and stop.error.startswith(_INDEX_ERRORS):
            return stop
        if self.refusal is not None and (stop is None or self.refusal[0] < (stop.frame or 0)):
            return Verdict(0, self.refusal[1], self.refusal[0])
        return stop or Verdict(self.frames, certain=self.rows_checked)


@attrs.frozen
class NormalEquations:
    """Sums from which energies per element follow by least squares.

    Attributes:
        frames: frames with this energy, isolated atoms aside.
        gram: (Z, Z') -> Σ n_Z n_Z', exact.
        moment: Z -> Σ n_Z E, exact, in units of 2**-1074 eV.
    """

    frames: int = 0
    gram: Mapping[tuple[int, int], int] = attrs.field(factory=dict)
    moment: Mapping[int, int] = attrs.field(factory=dict)

    def merge(self, other: NormalEquations) -> NormalEquations:
        """Sums over the frames of both."""
        gram, moment = dict(self.gram), dict(self.moment)
        for pair, count in other.gram.items():
            gram[pair] = gram.get(pair, 0) + count
        for number, total in other.moment.items():
            moment[number] = moment.get(number, 0) + total
        return NormalEquations(self.frames + other.frames, gram, moment)

    @property
    def elements(self) -> tuple[int, ...]:
        """Atomic numbers that occur."""
        return tuple(sorted({number for number, _ in self.gram}))

    def rank(self) -> int:
        """Rank of the compositions, by exact elimination; below the number of elements, E0s are arbitrary."""
        rows = [[Fraction(self.gram.get((one, two), 0)) for two in self.elements] for one in self.elements]
        return _rank(rows)


@attrs.frozen(order=True)
class IsolatedAtom:
    """A one-atom frame of the type `IsolatedAtom`, which defines an E0.

    Attributes:
        place: the frame.
        number: atomic number.
        energies: (key, eV) of every scalar entry with `energy` in its name.
        pbc: its flags, ``FFF`` and the like; "" where they are not known.
    """

    place: Place
    number: int
    energies: tuple[tuple[str, float], ...] = ()
    pbc: str = ""


@attrs.frozen
class HashSketch:
    """The smallest content hashes, with how often and where first each was seen.

    With at most ``SKETCH_SIZE`` different contents it is complete; beyond, it is a fair sample of the
    contents, from which shares of duplicates and of overlap can be estimated.
    """

    seen: Mapping[int, tuple[int, Place]] = attrs.field(factory=dict)
    complete: bool = True
    method: str = ""

    def merge(self, other: HashSketch) -> HashSketch:
        """The smallest hashes of both; nothing is known where the hash functions differ."""
        if self.method and other.method and self.method != other.method:
            return HashSketch({}, complete=False, method="mixed")
        seen = dict(self.seen)
        for value, (count, place) in other.seen.items():
            mine = seen.get(value)
            seen[value] = (count, place) if mine is None else (count + mine[0], min(place, mine[1]))
        complete = self.complete and other.complete
        return sketch(seen, complete=complete, method=self.method or other.method)

    @property
    def duplicates(self) -> int:
        """Frames among the seen ones that repeat an earlier content."""
        return sum(count - 1 for count, _ in self.seen.values())


def sketch(seen: Mapping[int, tuple[int, Place]], *, complete: bool, method: str) -> HashSketch:
    """A sketch of these hashes, cut to its size."""
    if len(seen) <= SKETCH_SIZE:
        return HashSketch(seen, complete, method)
    return HashSketch(
        {value: seen[value] for value in sorted(seen)[:SKETCH_SIZE]}, complete=False, method=method
    )


def _rank(rows: list[list[Fraction]]) -> int:
    rank = 0
    for column in range(len(rows)):
        pivot = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for row in range(rank + 1, len(rows)):
            factor = rows[row][column] / rows[rank][column]
            rows[row] = [one - factor * two for one, two in zip(rows[row], rows[rank], strict=True)]
        rank += 1
    return rank
