"""D231: labels of a shape that the trainer cannot take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

import attrs

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..rule import Context, Rule
from ._labels import counted, is_findable, listed, location_of, read_lines, terms_reading

if TYPE_CHECKING:
    from ...dataset.reading import Reading

# numbers for each frame, or for each atom, that the trainer takes
_SIZES = {
    "energy": (1,), "total_charge": (1,), "fermi_level": (1,), "dipole": (3,), "external_field": (3,),
    "stress": (6, 9), "virials": (6, 9), "polarizability": (9,), "forces": (3,), "charges": (1,),
}  # fmt: skip
_OWN_WEIGHTS = ("dipole",)  # these are three numbers, and a rule of their own


@attrs.frozen
class _Expected:
    """How many numbers an entry of the files should hold; weights have no place in the config."""

    key: str
    location: str
    setting: Setting[str] | None
    sizes: tuple[int, ...]
    name: str = ""


@final
class LabelShape(Rule):
    """Labels of a shape that the trainer cannot take.

    What it checks: a mapped label has as many numbers as its property: one for an energy, a charge and a
    Fermi level, three for a dipole, a field and the force on an atom, nine for a polarizability, six or nine
    for a stress. Weights of frames and of properties are single numbers.

    Why it matters: the trainer puts every label into its shape while it loads the data and stops at the
    first that does not fit, with an assertion or an error of its arrays that names neither frame nor file.

    How to fix: write the label in its shape, or map the property to the key that holds it.
    """

    code, slug, severity = "D231", "label-shape", Severity.ERROR
    after = ("D105", "D204", "D201")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each label and file."""
        for split in context.data.splits:
            for expected in _expected(context):
                yield from self._one(context, split, expected)

    def _one(self, context: Context, split: Split, expected: _Expected) -> Iterator[Diagnostic]:
        wrong = _wrong(split, expected)
        if not wrong:
            return
        frames = counted(sum(wrong.values()), f"{split.name} frame")
        terms = terms_reading(context, expected.name) if expected.name else {}
        yield self.finding(
            f"`{expected.key}` is {' or '.join(wrong)} in {frames}, and the trainer takes {_sizes(expected)}",
            span=expected.setting.span if expected.setting else split.setting.span,
            labels=split.setting.label(f"the {split.name} frames") if expected.setting else (),
            notes=(
                *((f"{listed(terms)} would compare it",) if terms else ()),
                *_first(split, expected),
            ),
            when="the trainer stops when it loads the data, without the number of the frame",
            help="write the label in its shape, or map the property to the key that holds it",
        )


def _expected(context: Context) -> Iterator[_Expected]:
    """Labels of the head, and the weights that belong to them."""
    for line in read_lines(context):
        key, location = str(line.key.value), location_of(line)
        if line.name in _SIZES and is_findable(line):
            yield _Expected(key, location, line.key, _SIZES[line.name], line.name)
        weight = line.quantity.weight if line.quantity else None
        if weight and line.name not in _OWN_WEIGHTS:
            yield _Expected(weight, "info", None, (1,))
    yield _Expected("config_weight", "info", None, (1,))


def _wrong(split: Split, expected: _Expected) -> dict[str, int]:
    """What the files hold instead -> in how many frames."""
    from ...dataset.answers import find_key

    facts = find_key(split.profile, expected.location, expected.key)
    found: dict[str, int] = {}
    for reading, count in facts.readings if facts is not None else ():
        if not _fits(reading, expected):
            shown = counted(reading.size, "number") if reading.numeric else f"a {reading.kind}"
            found[shown] = found.get(shown, 0) + count
    return found


def _first(split: Split, expected: _Expected) -> tuple[str, ...]:
    """Where the first is; nothing for a card by hand."""
    first = min(
        seen.first
        for item, seen in split.profile.items.items()
        if (item.location, item.key) == (expected.location, expected.key)
        and not _fits(item.reading, expected)
    )
    return (f"the first is {first.shown}",) if first.frame >= 0 else ()


def _fits(reading: Reading, expected: _Expected) -> bool:
    """What cannot be read at all is told as damage."""
    return reading.kind == "error" or (reading.numeric and reading.size in expected.sizes)


def _sizes(expected: _Expected) -> str:
    each = " for each atom" if expected.location == "arrays" else ""
    return " or ".join(map(str, expected.sizes)) + each
