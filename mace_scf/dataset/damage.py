"""Damage and oddities in data files: what each code means, and how often and where it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from mace_scf.diagnostics import Severity

if TYPE_CHECKING:
    from .place import Place

EXAMPLES = 3


@attrs.frozen
class Kind:
    """One sort of damage.

    Attributes:
        code: ``D9`` and two digits.
        slug: reads well after "allow".
        severity: how a run would suffer.
        phrase: what is wrong, without place or count.
        when: what the loader makes of it.
        help: what to do.
    """

    code: str
    slug: str
    severity: Severity
    phrase: str
    when: str = ""
    help: str = ""


@attrs.frozen(order=True)
class Example:
    """One occurrence: place, line and byte (from 0), the text there, and what is special about it."""

    place: Place
    line: int
    offset: int
    excerpt: str = ""
    detail: str = ""


@attrs.frozen
class Finding:
    """All occurrences of one kind: their number and the first few."""

    code: str
    count: int
    examples: tuple[Example, ...]

    def merge(self, other: Finding) -> Finding:
        """Both together; the smallest places stay as examples."""
        return Finding(self.code, self.count + other.count, first_examples(self.examples + other.examples))


def first_examples(examples: Iterable[Example]) -> tuple[Example, ...]:
    """The first occurrences by place, each once."""
    return tuple(sorted(set(examples))[:EXAMPLES])


def excerpt(text: bytes | bytearray | str, limit: int = 60) -> str:
    """The beginning of a line, printable."""
    if isinstance(text, (bytes, bytearray)):
        text = text[: 4 * limit].decode("utf-8", "replace")
    text = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return text if len(text) <= limit else text[: limit - 1] + "…"


# fmt: off
_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO
_STOPS = "ASE stops with an error that names no frame, and nothing of the file is used"
_KINDS = (
    Kind("D901", "blank-line-between-frames", _E, "a blank line stands where a frame should begin",
         "ASE takes it for the end of the file and reports no error", "delete the blank line"),
    Kind("D902", "no-atom-count", _E, "a line that should hold the number of atoms does not", _STOPS,
         "begin every frame with a line that holds one whole number"),
    Kind("D903", "more-atoms-than-counted", _E, "a frame has more atom lines than its first line says",
         _STOPS,
         "correct the number of atoms"),
    Kind("D904", "fewer-atoms-than-counted", _E, "a frame has fewer atom lines than its first line says",
         _STOPS,
         "correct the number of atoms"),
    Kind("D905", "truncated-file", _E, "the file ends inside a frame", _STOPS,
         "copy the file again or delete the last frame"),
    Kind("D906", "frame-without-lines", _E, "the file ends after the number of atoms", _STOPS,
         "copy the file again or delete the last line"),
    Kind("D907", "truncated-last-number", _W, "the last number of the file seems cut off",
         "the shortened number is used as it is", "copy the file again"),
    Kind("D908", "byte-order-mark", _E, "the file begins with a byte-order mark", _STOPS,
         "save the file as UTF-8 without a byte-order mark"),
    Kind("D909", "not-utf8", _E, "the file is not valid UTF-8", _STOPS, "convert the file to UTF-8"),
    Kind("D910", "carriage-return-line-ends", _I, "lines end in a bare carriage return",
         "ASE reads it; other readers see an empty file", "convert the line ends"),
    Kind("D911", "duplicate-entry", _W, "a comment line has the same key twice", "the last value is used",
         "keep one"),
    Kind("D912", "frame-without-properties", _W, "a comment line has no `Properties`",
         "ASE reads symbols and positions only; further columns are dropped without a word",
         "add `Properties=`"),
    Kind("D913", "plain-comment", _W, "a comment line is plain text, not `key=value`",
         "every word becomes an entry with the value True", "write `key=value` entries"),
    Kind("D914", "unbalanced-quote", _E, "a quote or bracket in a comment line is never closed",
         "the rest of the line becomes one value, and the keys in it are lost", "close it"),
    Kind("D915", "number-read-as-text", _E, "a value that looks like a number is read as text",
         "the label is text for the trainer, which stops at it",
         "write a plain number such as -1.5 or -1.5e-3"),
    Kind("D916", "readings-differ", _W, "ASE reads a value otherwise than the format means it",
         "the trainer sees ASE's reading", "write the value so that both agree"),
    Kind("D917", "not-nine-numbers", _E, "`Lattice`, `virial` or `stress` does not have 9 numbers", _STOPS,
         "write 9 numbers, or use another key such as `REF_stress`"),
    Kind("D918", "broken-properties", _E, "`Properties` cannot be read", _STOPS,
         "write triples of name, type (R, I, S, L) and number of columns"),
    Kind("D919", "duplicate-column", _E, "`Properties` names a column twice", _STOPS, "keep one"),
    Kind("D920", "unknown-element", _E, "an atom line begins with no element symbol", _STOPS,
         "write plain element symbols"),
    Kind("D921", "extra-columns", _W, "atom lines have more columns than `Properties` declares",
         "the surplus columns are dropped without a word", "declare them in `Properties`"),
    Kind("D922", "missing-columns", _E, "an atom line has fewer columns than `Properties` declares", _STOPS,
         "complete the line"),
    Kind("D923", "text-in-number-column", _E, "an atom line has text where a number is declared", _STOPS,
         "write plain numbers; a D exponent or `****` is none"),
    Kind("D924", "not-finite", _W, "a number is NaN or infinite",
         "it is used as it is, and one such label makes the loss NaN", "remove the label from that frame"),
    Kind("D925", "singular-cell", _E, "a periodic frame has a cell without volume",
         "it passes every check of the "
         "loader and gives NaN later", "write the cell, or set `pbc` to F"),
    Kind("D926", "periodic-without-lattice", _E, "a frame says it is periodic but has no `Lattice`",
         "the cell is zero, and every check of the loader passes", "add `Lattice`, or set `pbc` to F"),
    Kind("D927", "frame-without-atoms", _W, "a frame has no atoms",
         "ASE reads it; the trainer's neighbour lists "
         "may not", "delete the frame"),
    Kind("D928", "comment-begins-with-equals", _E, "a comment line begins with `=`", _STOPS, "write the key"),
    Kind("D929", "empty-value-swallows-key", _E, "an empty quoted value makes ASE lose the next key",
         "the next `key=value` becomes the value of the empty one", "delete the empty entry"),
    Kind("D930", "broken-json", _E, "a `_JSON` value cannot be read", _STOPS, "write valid JSON"),
    Kind("D931", "vec-lines", _I, "VEC lines follow the atoms",
         "ASE takes the cell from them and ignores the comment line", "use `Lattice`"),
    Kind("D932", "broken-compression", _E, "the compressed file is damaged or cut off", _STOPS,
         "copy it again"),
    Kind("D933", "no-frames", _E, "the file has no frames", "the trainer stops: there is nothing to train on",
         "check the path"),
    Kind("D934", "broken-pbc", _E, "`pbc` cannot be read as three flags", _STOPS, 'write pbc="T T F"'),
    Kind("D935", "label-cannot-be-number", _E, "a value that ASE hands to a calculator is no number", _STOPS,
         "write numbers, or use another key"),
    Kind("D936", "blank-atom-line", _E, "a blank line stands between atom lines", _STOPS,
         "delete the blank line"),
    Kind("D937", "unusual-atom-count", _I, "the number of atoms is written unusually",
         "ASE reads it; other readers may not", "write digits only"),
    Kind("D938", "integer-beyond-32-bits", _E, "a column of whole numbers has one beyond 32 bits", _STOPS,
         "count anew from 0, or declare the column as text (S)"),
    Kind("D939", "pbc-of-text", _E, "`pbc` is text, and not three flags",
         "ASE takes any text for T T T, `FFF` and `no` too: the frame is periodic", 'write pbc="F F F"'),
)
# fmt: on
KINDS: dict[str, Kind] = {kind.code: kind for kind in _KINDS}
