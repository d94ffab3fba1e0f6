"""Configs from a seed, sound ones and ones with planted mistakes, for editor and checker to look at alike."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from mace_scf.catalog.option import Kind, Option, State
from mace_scf.catalog.registry import trainer
from tests.peers.parser_cases import ANYTHING, RIGHT

ROOT = Path(__file__).parents[2]
SOUND = sorted(
    path for path in (ROOT / "examples").glob("*/config.yaml") if not (path.parent / "mace-scf.yaml").exists()
)
UPSTREAM = trainer()
NESTED = (
    *(
        "1",
        "1.0",
        "1e-3",
        "1.0e-3",
        "-1.0",
        "0",
        "true",
        "on",
        "'1.0'",
        "null",
        "",
        "direct",
        "implicit",
        "[]",
        "{}",
    ),
    *(
        "{weight: 1.0}",
        "{weight: 1}",
        "{weight: x}",
        "{weigth: 1.0}",
        "{weight: 1.0, delta: 2}",
        "[1.0]",
        "x",
        "010",
    ),
    *(
        "unroll_scf",
        "linearize_solve",
        "1_000",
        ".inf",
        ".nan",
        "0x1F",
        "9.5",
        "-3",
        "first",
        "'0'",
        "local_guess",
    ),
)
KEYED = re.compile(r"^(?P<indent>\s*)(?P<key>[\w-]+):(?P<value>\s+[^{\[|>&*\s#][^#]*|\s*)$")


# numbers and tags that mean something to the trainer's reader alone, and that nobody writes for a switch or a choice
UNHEARD_OF = ("1_", "1__0", "0b11")
VALUES = tuple(value for value in ANYTHING if value not in UNHEARD_OF and not value.startswith("!!"))


def configs(count: int, seed: int) -> Iterator[str]:
    """The same texts for the same seed."""
    chance = random.Random(seed)
    # without the line that names another schema than the one that is tried
    texts = [re.sub("# yaml-language-server.*", "#", path.read_text(encoding="utf-8")) for path in SOUND]
    for _ in range(count):
        lines = chance.choice(texts).split("\n")
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            chance.choice(CHANGES)(lines, chance)
        yield "\n".join(lines)


def _options() -> list[Option]:
    return [
        option
        for option in UPSTREAM.options
        if option.state is not State.REMOVED and option.kind is not Kind.MAPPING
    ]


def _value(option: Option, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return str(chance.choice(option.choices or option.known or RIGHT.get(option.kind, ("true",))))
    return chance.choice(VALUES)


def _places(lines: list[str], nested: bool) -> list[int]:
    found = ((number, KEYED.match(line)) for number, line in enumerate(lines))
    return [number for number, match in found if match and bool(match["indent"]) == nested]


def _add_option(lines: list[str], chance: random.Random) -> None:
    option = chance.choice(_options())
    lines.insert(0, f"{chance.choice(option.spellings)}: {_value(option, chance)}")


def _change_value(lines: list[str], chance: random.Random) -> None:
    nested = chance.random() < 0.7
    places = _places(lines, nested)
    if not places:
        return
    place = chance.choice(places)
    match = KEYED.match(lines[place])
    assert match is not None
    value = chance.choice(NESTED if nested else VALUES)
    lines[place] = f"{match['indent']}{match['key']}: {value}" if "\n" not in value else lines[place]


def _misspell(lines: list[str], chance: random.Random) -> None:
    place = chance.choice(_places(lines, nested=chance.random() < 0.7) or [0])
    match = re.match(r"^(\s*)([\w-]+):", lines[place])
    if match is None:
        return
    key = match[2]
    at = chance.randrange(len(key))
    wrong = chance.choice(
        [
            key[:at] + key[at + 1 :] or "x",
            key + "s",
            key.upper(),
            key.replace("_", "-"),
            key[:at] + "z" + key[at:],
        ]
    )
    lines[place] = match[1] + wrong + lines[place][match.end(2) :]


def _drop(lines: list[str], chance: random.Random) -> None:
    places = _places(lines, nested=True)
    if places:
        del lines[chance.choice(places)]


def _add_nested(lines: list[str], chance: random.Random) -> None:
    """A term, a key of a stage, of an iteration or of a head, where one stands already."""
    places = _places(lines, nested=True)
    if not places:
        return
    place = chance.choice(places)
    indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
    names = [
        *(term.name for term in UPSTREAM.terms),
        *(
            option.name
            for block in (UPSTREAM.blocks.stage, UPSTREAM.blocks.fixed_point, UPSTREAM.blocks.scf)
            for option in block
        ),
        *(quantity.name for quantity in UPSTREAM.quantities),
        *(f"{group}_lr" for group in UPSTREAM.parameter_groups),
    ]
    lines.insert(place, f"{indent}{chance.choice(names)}: {chance.choice(NESTED)}")


def _change_model(lines: list[str], chance: random.Random) -> None:
    for number, line in enumerate(lines):
        if line.startswith("model:"):
            lines[number] = f"model: {chance.choice(UPSTREAM.models).name}"


def _repeat(lines: list[str], chance: random.Random) -> None:
    place = chance.choice(_places(lines, nested=chance.random() < 0.5) or [0])
    lines.insert(place, lines[place])


def _break(lines: list[str], chance: random.Random) -> None:
    place = chance.randrange(len(lines))
    wrong = chance.choice(
        ["\t", " ", "- x", "{", "x", ": y", "'", "*missing", "!!int x", "&a &b", "a: b: c", "<<: 1"]
    )
    lines[place] = chance.choice([lines[place] + wrong, wrong + lines[place]])


CHANGES: tuple[Callable[[list[str], random.Random], None], ...] = (
    *(_add_option, _add_option, _change_value, _change_value, _change_value, _misspell, _drop),
    *(_add_nested, _add_nested, _change_model, _repeat, _break),
)
