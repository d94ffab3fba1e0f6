"""Configs and command lines made from a seed: plausible ones, and ones with every sort of slip."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import attrs

from mace_scf.catalog.option import Kind, Option, State
from mace_scf.catalog.options import OPTIONS

# What MACE_SCF takes out of mace's parser or declares anew, by its own source; and what it adds.
REDEFINED = frozenset("heads error_table model optimizer compute_polarizability restart_latest".split())
REMOVED = frozenset(("loss", "compute_atomic_dipole"))
# Its value is a file that the parser opens: a case of its own, not one of thousands.
OPENS_A_FILE = "les_arguments"
# What a complete run must have beside, for the checker only: the parser of mace does not know it, or another.
REST = """\
heads: {Default: {info_keys: {energy: REF_energy, total_charge: total_charge}, arrays_keys: {forces: REF_forces}}}
train_schedule: {0: {name: first, start: 0, end: 9, lr: 0.01, loss: {energy_per_atom: 1.0, forces: 100.0}}}
error_table: PerAtomRMSE
"""
REST_LINES = REST.count("\n")
MUST = {"name": "water", "train_file": "train.xyz", "hidden_irreps": "'32x0e + 32x1o'"}


@attrs.frozen
class Case:
    """A config file and the words of a command line.

    Attributes:
        config: YAML of options that the parser of mace knows, and of mistakes.
        words: the command line's, without the program and without ``--config``.
    """

    config: str
    words: tuple[str, ...]


def kept_options() -> tuple[Option, ...]:
    """Options that MACE_SCF takes over from mace as they are."""
    return tuple(
        option
        for option in OPTIONS
        if option.source.startswith("mace ")
        and option.state is not State.REMOVED
        and option.name not in (OPENS_A_FILE, "config")
    )


INTEGERS = (
    *("0", "1", "7", "10", "-3", "+4", "1_000", "0x1F", "010", "08", "0b11", "1:30", "0o17", "-0"),
    *("'5'", '"5"', "' 5 '", "'1_000'", "'0x1F'", "!!int 5", '!!int "5"', "!!str 5", "|\n  5", "&anchor 5"),
)
NUMBERS = (
    *("0.5", "5.", "-.5", ".5", "1e-3", "1e3", "1.0e-3", "1.0e3", "1.5e3", "+.5", "1_000.5", "190:20:30.15"),
    *(
        ".inf",
        "-.inf",
        "+.INF",
        ".nan",
        ".NaN",
        "inf",
        "nan",
        "-Infinity",
        "'1e-3'",
        "'.nan'",
        "1e999",
        "1e-400",
    ),
    *(
        "!!float 1",
        '!!float "5"',
        "1,5",
        "0.1.2",
        "5 eV",
        "'5 '",
        "1e",
        "--5",
        "1_",
        "_1",
        "1__0",
        "0x",
        "0b_",
    ),
)
WORDS = (
    *(
        "true",
        "True",
        "TRUE",
        "yes",
        "on",
        "Off",
        "no",
        "false",
        "y",
        "t",
        "n",
        "f",
        "Y",
        "T",
        "1",
        "0",
        "1.0",
    ),
    *("'true'", "'on'", "'T'", "'1'", "!!bool yes", '!!bool "yes"', "truee", "2", "-1", "' true'", "oN"),
)
NOTHINGS = ("", "null", "~", "Null", "None", "'None'", "''", '""', "'null'", "!!null x", "!!null ''", "none")
TEXTS = (
    *(
        "water",
        "'a b'",
        "a b",
        "a=b",
        "'a: b'",
        "'--lr'",
        "--lr",
        "-x",
        "'-5'",
        "'#1'",
        "ünï",
        "x # y",
        "=",
        "<<",
    ),
    *(
        "2024-01-01",
        "2001-99-99",
        "2001-12-14 21:59:43",
        "'{}'",
        "'[1, 2]'",
        '"[64, 64]"',
        "!!binary aGk=",
        "x.xyz",
    ),
    *(
        "'{1: -13.6, 8: -2}'",
        "average",
        "'16x0e'",
        "|\n  text",
        ">-\n  more\n  text",
        "!local 1",
        "!!str",
        "@a",
        "%a",
    ),
    *(
        "!!python/tuple [1]",
        "!!timestamp 2001-01-01",
        "!!set {a}",
        "a:b",
        "'it''s'",
        '"\\u00e9"',
        "'",
        "*missing",
    ),
)
COLLECTIONS = (
    *(
        "[1, 2]",
        "[]",
        "[a, b]",
        "[[1]]",
        "{}",
        "{a: 1}",
        "{1: -13.6, 8: -2.0}",
        "{a: [1]}",
        "[--x, a]",
        "[-5, a]",
    ),
    *(
        "[null]",
        "[true, 1.0]",
        "\n  - a\n  - b",
        "\n  a: 1\n  b: {c: 2}",
        "['']",
        "[--]",
        "[a, --lr]",
        "{a}",
        "[-x]",
    ),
)
RIGHT: dict[Kind, tuple[str, ...]] = {
    Kind.STRING: ("water", "'a b'", "7", "1.5", "true", "2024-01-01", "None"),
    Kind.PATH: ("train.xyz", "data/train.xyz", "./x.xyz", "/tmp/x.xyz", "'a b.xyz'"),
    Kind.INTEGER: ("1", "3", "10", "'5'", "1_000", "0x1F"),
    Kind.NUMBER: ("0.5", "1e-3", "1.0e-3", "3", "'0.1'", "0.25"),
    Kind.NUMBER_OR_NONE_WORD: ("10", "0.5", "None", "'None'", "1e2"),
    Kind.BOOLEAN_WORD: ("true", "false", "'yes'", "'t'", "y", "1", "no", "off"),
    Kind.FLAG: ("true", "false", "on", "1", "'no'"),
    Kind.FLAG_OFF: ("true", "false", "on", "0"),
    Kind.LITERAL: ("'[64, 64]'", "'{1: -13.6}'", "{1: -13.6}", "average"),
    Kind.IRREPS: ("'16x0e'", "16x0e", "'32x0e + 32x1o'"),
    Kind.STRING_LIST: ("[lr, batch_size]", "lr", "\n  - lr\n  - r_max", "[seed]"),
}
ANYTHING = (*INTEGERS, *NUMBERS, *WORDS, *NOTHINGS, *TEXTS, *COLLECTIONS)
SHELL_VALUES = (
    *(
        "5",
        "0.1",
        "-5",
        "-0.5",
        "-.5",
        "-1e-3",
        "-5.",
        "1e-3",
        "",
        " ",
        "a b",
        "-",
        "--",
        "-x",
        "-x y",
        "--x y",
        "=5",
    ),
    *(
        "true",
        "false",
        "None",
        "[64, 64]",
        "{1: -13.6, 8: -2}",
        "{'a': 1}",
        "cpu",
        "nan",
        "-inf",
        "inf",
        "1_0",
        "t",
    ),
    *("--lr", "-5x", "a=b", "--nothing=5", "--n", "--lr=0 1", "5 ", "\t5", "-1_000", "- 5", "x.xyz", "\n5"),
)


def cases(count: int, seed: int) -> Iterator[Case]:
    """The same cases for the same seed."""
    options = kept_options()
    chance = random.Random(seed)
    for _ in range(count):
        yield _case(options, chance)


def _case(options: Sequence[Option], chance: random.Random) -> Case:
    lines = {name: f"{name}: {value}" for name, value in MUST.items()}
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        option = chance.choice(options)
        lines[option.name] = f"{_key(option, chance)}: {_yaml(option, chance)}"
    if chance.random() < 0.03:
        del lines[chance.choice(list(MUST))]
    words: list[str] = []
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        words += chance.choices(SHAPES, SHARES)[0](chance.choice(options), chance)
    shuffled = list(lines.values())
    if chance.random() < 0.3:
        chance.shuffle(shuffled)
    if chance.random() < 0.08:
        chance.choice(DAMAGE)(shuffled, chance)
    return Case("".join(f"{line}\n" for line in shuffled), tuple(words))


def _key(option: Option, chance: random.Random) -> str:
    spelling = chance.choice(option.spellings)
    return spelling if chance.random() < 0.95 else _slip(spelling, chance)


def _slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return chance.choice(
        [
            name[: max(3, at)],
            name[:at] + name[at + 1 :],
            name.replace("_", "-"),
            name.upper(),
            name + "s",
            f"--{name}",
            f"-{name}",
            f"'{name}'",
        ]
    )


def _yaml(option: Option, chance: random.Random) -> str:
    if chance.random() < 0.7:
        return chance.choice(_right(option))
    return chance.choice(ANYTHING)


def _right(option: Option) -> tuple[str, ...]:
    return option.choices or RIGHT[option.kind]


def _shell(option: Option, chance: random.Random) -> str:
    if chance.random() < 0.65:
        value = chance.choice(_right(option))
        if "\n" not in value and "[" not in value:
            return value.strip("'")
    return chance.choice(SHELL_VALUES)


def _is_switch(option: Option) -> bool:
    return option.kind in (Kind.FLAG, Kind.FLAG_OFF)


def _plain(option: Option, chance: random.Random) -> list[str]:
    name = f"--{chance.choice(option.spellings)}"
    return [name] if _is_switch(option) else [name, _shell(option, chance)]


def _joined(option: Option, chance: random.Random) -> list[str]:
    value = _shell(option, chance)
    # what `--lr=--` means changes from one Python to the next
    return [f"--{chance.choice(option.spellings)}={'' if value == '--' else value}"]


def _several(option: Option, chance: random.Random) -> list[str]:
    return [f"--{option.name}", *(_shell(option, chance) for _ in range(chance.randint(0, 3)))]


def _misspelt(option: Option, chance: random.Random) -> list[str]:
    return [f"--{_slip(option.name, chance)}", *([] if _is_switch(option) else [_shell(option, chance)])]


def _hypers(option: Option, chance: random.Random) -> list[str]:
    return ["--wandb_log_hypers", *chance.choices([*SHELL_VALUES, "lr", "seed"], k=chance.randint(0, 3))]


def _stray(option: Option, chance: random.Random) -> list[str]:
    return [chance.choice(SHELL_VALUES)]


def _twice(option: Option, chance: random.Random) -> list[str]:
    return [*_plain(option, chance), *_plain(option, chance)]


def _negated(option: Option, chance: random.Random) -> list[str]:
    return [f"--no-{option.name}"]


def _one_dash(option: Option, chance: random.Random) -> list[str]:
    return [f"-{option.name}", _shell(option, chance)]


Shape = Callable[[Option, random.Random], list[str]]
SHAPES: tuple[Shape, ...] = (
    _plain,
    _joined,
    _several,
    _misspelt,
    _hypers,
    _stray,
    _twice,
    _negated,
    _one_dash,
)
SHARES = (50, 25, 5, 6, 5, 3, 3, 1, 2)


def _double(lines: list[str], chance: random.Random) -> None:
    lines.append(chance.choice(lines))


def _unknown(lines: list[str], chance: random.Random) -> None:
    lines.append(
        chance.choice(("lrr: 5", "unknown: 1", "1: 2", "true: 1", "'': 1", "max: 3", "help: true", "h: 1"))
    )


def _broken(lines: list[str], chance: random.Random) -> None:
    lines.append(
        chance.choice(("a: [", "- x", "x", "\tname: y", "? [a]: b", "...", "---", "a: b: c", "}", "*x : 1"))
    )


def _merged(lines: list[str], chance: random.Random) -> None:
    lines.append(
        chance.choice(("<<: {seed: 5}", "<<: [{seed: 5}, {r_max: x}]", "<<: 1", "<<: {seed: x}", "<<: []"))
    )


DAMAGE: tuple[Callable[[list[str], random.Random], None], ...] = (_double, _unknown, _broken, _merged)
