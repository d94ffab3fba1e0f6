"""The matrix of terms, models and modes for people: tables as wide as the terminal, with footnotes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from ..catalog.model import Model
from ..catalog.term import Term
from ..catalog.trainer import Trainer
from ..resolve.matrix import Column, Service, cell, columns

if TYPE_CHECKING:
    from rich.console import Console

Word = tuple[str, str]
"""What stands in one cell, and its style."""

_WORDS: dict[Service, Word] = {
    Service.YES: ("yes", "green"),
    Service.OPTION: ("option", "cyan"),
    Service.ECHO: ("echo", "yellow"),
    Service.STILL: ("no grad", "yellow"),
    Service.FIXED: ("fixed", "yellow"),
    Service.NO: ("–", "dim"),
}
_LEGEND = (
    "yes: it trains · option: only with the option below · echo: the label compared with itself · "
    "no grad: no parameter changes it · fixed: the model fixes it by construction · –: no prediction"
)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TERM_WIDTH = 24  # longer names are broken at an underscore
_GAP = 2


@attrs.define
class _Footnotes:
    """Numbers for notes, each text once, in the order of the page."""

    numbers: dict[str, int] = attrs.field(factory=dict)

    def mark(self, note: str) -> str:
        """The note's number as a superscript."""
        if not note:
            return ""
        return str(self.numbers.setdefault(note, len(self.numbers) + 1)).translate(_SUPERSCRIPTS)


def print_matrix(console: Console, trainer: Trainer, models: Sequence[Model]) -> None:
    """Tables, legend, footnotes and recommendations.

    Args:
        console: where to; its width decides how many columns stand side by side.
        trainer: whose terms are the rows.
        models: the columns, each with its modes.
    """
    found, footnotes = columns(trainer, models=models), _Footnotes()
    rows = {
        term.name: [_word(term, column, trainer, footnotes) for column in found] for term in trainer.terms
    }
    console.print(f"Loss terms by model and mode, trainer {trainer.name}\n", style="bold", markup=False)
    for first, last in _pages(found, list(rows.values()), console.width):
        _print_table(console, found[first:last], {name: row[first:last] for name, row in rows.items()})
    _say(console, _LEGEND)
    for note, number in footnotes.numbers.items():
        _say(console, f" {number:>2}  {note}", indent=5)
    for names, model in _families(models):
        _print_recommended(console, names, model)


def _word(term: Term, column: Column, trainer: Trainer, footnotes: _Footnotes) -> Word:
    answer = cell(term, column, trainer)
    word, style = _WORDS[answer.service]
    return word + ("" if answer.service is Service.NO else footnotes.mark(answer.note)), style


def _header(column: Column) -> list[str]:
    """The names in narrow lines: `Local`, `Split`, `Charges`."""
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in column.model.name)
    parts = words.replace("M A C E", "MACE").replace("MACE Q Eq", "MACE QEq").split()
    return [*parts, *column.mode.replace("_", "_ ").split()]


def _pages(found: Sequence[Column], rows: Sequence[Sequence[Word]], width: int) -> Iterator[tuple[int, int]]:
    """Stretches of columns that fit side by side."""
    first, used = 0, _TERM_WIDTH + _GAP
    for at, column in enumerate(found):
        needed = max([*map(len, _header(column)), *(len(row[at][0]) for row in rows)]) + _GAP
        if at > first and used + needed > width:
            yield first, at
            first, used = at, _TERM_WIDTH + _GAP
        used += needed
    yield first, len(found)


def _print_table(console: Console, found: Sequence[Column], rows: dict[str, Sequence[Word]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, _GAP, 0, 0), header_style="bold", pad_edge=False)
    depth = max(len(_header(column)) for column in found)
    for lines in (["term"], *map(_header, found)):
        table.add_column("\n".join([""] * (depth - len(lines)) + lines), no_wrap=True)
    for name, row in rows.items():
        table.add_row(_broken(name), *(Text(word, style=style) for word, style in row))
    console.print(table)
    console.print()


def _broken(name: str) -> str:
    if len(name) <= _TERM_WIDTH:
        return name
    at = name.rindex("_", 0, _TERM_WIDTH) + 1
    return f"{name[:at]}\n  {_broken(name[at:])}"


def _families(models: Sequence[Model]) -> Iterator[tuple[str, Model]]:
    """Models with the same recommendations together."""
    groups: dict[tuple[Any, ...], list[Model]] = {}
    for model in models:
        key = tuple((entry.stage, entry.terms, entry.source) for entry in model.recommended)
        groups.setdefault(key, []).append(model)
    for key, group in groups.items():
        if key:
            yield ", ".join(model.name for model in group), group[0]


def _print_recommended(console: Console, names: str, model: Model) -> None:
    console.print(f"\nRecommended for {names}", style="bold", markup=False)
    for entry in model.recommended:
        terms = ", ".join(f"{name} {weight:g}" for name, weight in entry.terms)
        _say(console, f"  {entry.stage} stage: {terms}", indent=4)
    for source in dict.fromkeys(entry.source for entry in model.recommended):
        _say(console, f"  source: {source}", indent=4, style="dim")


def _say(console: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    """A paragraph with a hanging indent."""
    lines = textwrap.wrap(text, console.width, subsequent_indent=" " * indent, break_on_hyphens=False)
    console.print("\n".join(lines), style=style, markup=False, soft_wrap=True)
