"""Texts, one line dropped, another one moved, a third with something else in it."""

from __future__ import annotations

import random
from collections.abc import Callable


def mutated(text: str, pieces: tuple[str, ...], chance: random.Random) -> str:
    """The text with up to six of its lines changed, some by a piece that is none of its own."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(lines))
        chance.choice(MUTATIONS)(lines, place, chance.choice(pieces), chance)
    return "\n".join(lines)


def _drop_line(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    lines[place] = ""


def _copy_line(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    lines.insert(place, lines[chance.randrange(len(lines))])


def _shift_line(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    lines[place] = chance.choice([" ", "   ", "\t"]) + lines[place]


def _replace_value(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    key, colon, _ = lines[place].partition(":")
    lines[place] = f"{key}{colon} {piece}"


def _replace_key(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    indent = len(lines[place]) - len(lines[place].lstrip())
    _, colon, value = lines[place].partition(":")
    lines[place] = " " * indent + piece + colon + value


def _insert_piece(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    column = chance.randint(0, len(lines[place]))
    lines[place] = lines[place][:column] + piece + lines[place][column:]


def _change_letter(lines: list[str], place: int, piece: str, chance: random.Random) -> None:
    column = chance.randint(0, len(lines[place]))
    letter = chance.choice("abz_-:0 1{}[],'\"\\\x00é\t#")
    lines[place] = lines[place][:column] + letter + lines[place][column + 1 :]


MUTATIONS: tuple[Callable[[list[str], int, str, random.Random], None], ...] = (
    _drop_line,
    _copy_line,
    _shift_line,
    _replace_value,
    _replace_key,
    _insert_piece,
    _change_letter,
)
