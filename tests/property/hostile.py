"""Inputs that try to break, slow down or misuse the checker, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

import attrs

from tests.property.hostile_files import READERS, Reader, honest, is_structured, rebuilt

MOST_BYTES = 64 * 1024
SENTINEL = "HOSTILE_WAS_HERE"  # appears as a file if anything in an input is executed

CONFIG = """\
name: water
model: FixedPoint
error_table: PerAtomRMSE
train_file: train.xyz
valid_fraction: 0.1
E0s: average
hidden_irreps: '32x0e + 32x1o'
radial_MLP: "[64, 64, 64]"
r_max: 5.0
batch_size: 4
heads:
  default:
    info_keys:
      energy: REF_energy
      total_charge: REF_total_charge
      fermi_level: REF_fermi_level
    arrays_keys:
      forces: REF_forces
      atomic_multipoles: REF_multipoles
train_schedule:
  0:
    name: first
    start: 0
    end: 10
    lr: 0.01
    fixed_point_training_options: {mode: direct}
    loss:
      energy_per_atom: 1.0
      forces: 100.0
  1:
    name: second
    start: 11
    end: 20
    fixed_point_training_options:
      mode: unroll_scf
      scf: {num_scf_steps: 4, mixing_parameter: 0.3, constant_charge: true}
    loss:
      energy_per_atom: 1.0
      fermi_level: {weight: 2.0}
"""
LAUNCHER = """\
#!/bin/bash
#SBATCH --time=1:00:00
set -e
NAME=water
LR=${LR:-0.01}
ARGS=(--batch_size 4 --r_max=5.0)
srun python -u run_train.py \\
    --config config.yaml \\
    --name "$NAME" --lr $LR \\
    "${ARGS[@]}" --ema  # the last one
"""
VALUES = (
    *(
        "null",
        "~",
        "",
        "yes",
        "off",
        "1e3",
        "1.0e3",
        "010",
        "0o10",
        "0x1F",
        "1_000",
        ".nan",
        "-.inf",
        "+",
        "-",
        "=",
    ),
    *(
        "1:30:59",
        "2001-99-99",
        "2001-12-14t21:59:43.10-05:00",
        "<<",
        "*x",
        "&x 1",
        "!!binary x",
        "!!set {a}",
        "?",
    ),
    *(
        "[]",
        "{}",
        "[[[",
        "}}}",
        "'",
        '"',
        '"\\UFFFFFFFF"',
        '"\\x"',
        "|",
        ">-",
        "%",
        "@a",
        "`b`",
        "!",
        "!!",
        "!<>",
    ),
    *(
        "9" * 5000,
        "-" + "9" * 400,
        "1e999",
        "0x" + "f" * 2000,
        "1" + ":1" * 3000,
        "1" + "_" * 3000,
        "0." + "0" * 3000,
    ),
    *(
        "/dev/zero",
        "/dev/stdin",
        "/",
        "..",
        "~root",
        "config.yaml",
        "a" * 5000,
        "\x85",
        "\u2028",
        "\ufeff",
        "\U0001f600",
    ),
    *(
        "!!python/object/apply:os.system ['touch " + SENTINEL + "']",
        "!!python/name:os.system",
        "!!python/tuple [1]",
    ),
    *(
        '"{1: {1: ' + "{1: " * 300 + '"',
        '"[' + "[" * 3000 + '"',
        '"' + "(" * 3000 + '"',
        "'9999999999x0e'",
        "'1x0e+'",
    ),
    *("{weight: {weight: 1.0}}", "{weight: .nan}", "{? [a]: b}", "{1: 1, true: 2, 1.0: 3}", "[1, 1.0, true]"),
    *(
        "10000000000000000000000000",
        "-1",
        "1.5",
        "1e-400",
        "'1'",
        "\t1",
        "1\t",
        "# c",
        "a: b",
        "- a",
        "$(touch x)",
    ),
)
COMMANDS = (
    *(
        "`touch " + SENTINEL + "`",
        "$(touch " + SENTINEL + ")",
        "touch " + SENTINEL,
        "<(touch " + SENTINEL + ")",
    ),
    *("${A:=$(touch " + SENTINEL + ")}", "eval 'touch " + SENTINEL + "'", "source config.yaml", ". train.sh"),
    *(
        "--config train.sh",
        "--config /dev/zero",
        "--config /",
        "--config",
        "--config=''",
        "--config config.yaml",
    ),
    *(
        "--config config.yaml --config other.yaml",
        "--",
        "-",
        "---",
        "'",
        '"',
        "\\",
        "$",
        "${",
        "${}",
        "${!A}",
        "$((1/0))",
    ),
    *(
        "<<EOF",
        "EOF",
        "if",
        "then",
        "fi",
        "for i in {1..99999999}; do",
        "done",
        "while :; do",
        "case",
        "esac",
        "((",
        "{",
    ),
    *(
        "A=$A$A$A$A$A$A$A$A",
        "A=(",
        ")",
        "A[0]=",
        "function f {",
        "f() { f | f & }; f",
        "&&",
        "||",
        "|",
        "&",
        ";",
        ";;",
    ),
    *(
        "exec 3<>/dev/tcp/localhost/9",
        "> " + SENTINEL,
        ">> config.yaml",
        "2>&1",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "é",
    ),
    *(
        "${A//a/b}",
        "${A:0:1}",
        "${A^^}",
        "${#A}",
        "${A[@]}",
        "$'\\x41'",
        '$"a"',
        "~",
        "*",
        "?",
        "[a-z]",
        "{a,b}{c,d}",
    ),
)


@attrs.frozen
class HostileInput:
    """One input.

    Attributes:
        kind: what it tries.
        name: the file name it must be given under.
        data: its bytes.
        arguments: of `validate`, so that it is read; none for a log.
    """

    kind: str
    name: str
    data: bytes
    arguments: tuple[str, ...] = ()


def hostile_inputs(count: int, seed: int) -> Iterator[HostileInput]:
    """The same inputs for the same seed, all kinds in turn, none over 64 kB."""
    chance = random.Random(seed)
    makers = list(MAKERS.items())
    for number in range(count):
        kind, maker = makers[number % len(makers)]
        data = maker(chance)[:MOST_BYTES]
        reader = READERS.get(kind)
        if reader is None:
            name = "train.sh" if kind.startswith("shell") else "config.yaml"
            yield HostileInput(kind, name, data, (name,))
        else:
            yield HostileInput(kind, reader.name, data, chance.choice(reader.arguments or ((),)))


def _size(chance: random.Random, most: int) -> int:
    """Mostly small, sometimes up to ``most``."""
    return int(most ** chance.random())


def _noise(chance: random.Random) -> bytes:
    return chance.randbytes(_size(chance, MOST_BYTES))


def _characters(chance: random.Random) -> bytes:
    alphabet = chance.choice(
        ["{}[]:,&*!|>'\"%@`#-?<= \n\tab1", "- \n:", "{[ ", "\x00\x07\x7f\x85\u2028\ud7ffé\n: "]
    )
    return "".join(chance.choices(alphabet, k=_size(chance, 4000))).encode()


def _mutated(chance: random.Random) -> bytes:
    return _mutate(CONFIG, VALUES, chance).encode()


def _mutate(text: str, pieces: tuple[str, ...], chance: random.Random) -> str:
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


def _nesting(chance: random.Random) -> bytes:
    depth = _size(chance, 20_000)
    opening = chance.choice(
        ["[", "{", "{a: ", "- ", "? ", "[{", "!a ", "&a [", "'", "a: {b: [", "((", "{[]: "]
    )
    closing = chance.choice(["", "]" * depth, "}" * depth])
    steps = "".join(f"{' ' * level}a:\n" for level in range(min(depth, 350)))
    return chance.choice([opening * depth + closing, "heads: " + opening * depth + closing, steps]).encode()


def _aliases(chance: random.Random) -> bytes:
    levels, width = chance.randint(2, 40), chance.randint(2, 12)
    kind = chance.choice(["[{}]", "{{{}}}"])
    lines = ["a0: &a0 {weight: 1.0}" if kind == "{{{}}}" else "a0: &a0 [x, x]"]
    for level in range(1, levels):
        refers = [f"*a{level - 1}"] * width
        items = refers if kind == "[{}]" else [f"k{i}: {name}" for i, name in enumerate(refers)]
        lines.append(f"a{level}: &a{level} " + kind.format(", ".join(items)))
    lines.append(f"train_schedule: *a{levels - 1}")
    return "\n".join(lines).encode()


def _loops(chance: random.Random) -> bytes:
    return chance.choice(
        [
            "&a a: *a",
            "a: &a\n  b: *a",
            "&a [*a]",
            "a: &a {<<: *a}",
            "a: &a {<<: [*b, *a]}\nb: &b {<<: *a}",
            "<<: *missing",
            "<<: 1",
            "<<: [1, {a: 1}]",
            "a: &a {x: 1}\n" + "<<: *a\n" * 2000,
            "a: &a {" + ", ".join(f"k{i}: 1" for i in range(1000)) + "}\nb: {<<: [" + "*a, " * 3000 + "*a]}",
            "a: &a 1\n" * 3000 + "b: *a",
            "train_schedule: &s {0: &t {name: x, loss: &l {forces: 1.0}, end: *l}, 1: *t}",
            "\n".join(
                f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: 1}}" if i else "a0: &a0 {k: 1}" for i in range(400)
            ),
        ]
    ).encode()


def _encoded(chance: random.Random) -> bytes:
    text = _mutate(CONFIG, VALUES, chance) if chance.random() < 0.5 else CONFIG
    codec = chance.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-7"])
    data = text.replace("water", "wäßer").encode(codec, "replace")
    return (
        data if chance.random() < 0.7 else data + chance.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00"])
    )


def _line_ends(chance: random.Random) -> bytes:
    text = _mutate(CONFIG, VALUES, chance) if chance.random() < 0.5 else CONFIG
    end = chance.choice(["\r\n", "\r", "\x85", "\u2028", "\n\r", "\x0b", "\x0c", "\x1c"])
    ends = [end if chance.random() < 0.9 else "\n" for _ in text.split("\n")]
    return "".join(line + stop for line, stop in zip(text.split("\n"), ends, strict=True)).encode()


def _nul(chance: random.Random) -> bytes:
    data = bytearray(CONFIG.encode())
    for _ in range(chance.randint(1, 20)):
        data.insert(chance.randint(0, len(data)), chance.choice([0, 1, 8, 27, 127, 255]))
    return bytes(data)


def _documents(chance: random.Random) -> bytes:
    separator = chance.choice(
        ["---\n", "...\n", "--- !a\n", "%YAML 9.9\n---\n", "%TAG ! x\n---\n", "---\n" * 1000]
    )
    return (separator + CONFIG + separator + chance.choice([CONFIG, "", "a"])).encode()


def _huge(chance: random.Random) -> bytes:
    size = 60_000
    line = chance.choice(["a", "9", "é", " ", "\\", "'", "#", "_", "a ", "a, ", ":", "1:", "!", "a_b_"])
    big = line * (size // len(line.encode()))
    return chance.choice(
        [
            big,
            f"name: {big}",
            f"{big}: 1",
            f"name: '{big}",
            f'name: "{big}"',
            f"heads: [{big}]",
            f"E0s: |\n  {big}",
        ]
    ).encode()


def _dense(chance: random.Random) -> bytes:
    """As many values as the bytes allow."""
    start, piece = chance.choice(
        [
            ("", "a:\n"),
            ("", "- a\n"),
            ("", "? a\n"),
            ("[", "a,"),
            ("[", "{},"),
            ("{", "a,"),
            ("heads: {", "a,"),
        ]
    )
    return (start + piece * (MOST_BYTES // len(piece) - 8)).encode()


def _many_keys(chance: random.Random) -> bytes:
    line = chance.choice(
        [
            "unknown_{0}: 1\n",
            "energy_wieght_{0}: 1\n",
            "{0}: {{}}\n",
            "name: {0}\n",
            "? k{0}\n",
            "max_{0}: 1e3\n",
        ]
    )
    return ("".join(line.format(number) for number in range(3000))).encode()


def _schedule(chance: random.Random) -> bytes:
    head, _, _ = CONFIG.partition("train_schedule:")
    number = chance.choice(
        ["{0}", "'{0}'", "{0}.0", "-{0}", "0x{0}", "99999999999999999{0}", "true", "null", "[{0}]"]
    )
    body = chance.choice(
        [
            "{{name: s, start: {0}, end: {0}, loss: {{forces: 1.0}}}}",
            "{{start: -9999999999999999999, end: 99999999999999999999999, loss: {{}}}}",
            "null",
            "[]",
            "{{loss: [forces]}}",
            "{{loss: {{forces: {{weight: 1.0, weight: 2, x: {{}}}}}}}}",
            "{{lr: 1e-3, lr: 1e-3, embedding_lr: x, no_such_lr: 1.0}}",
            "{{fixed_point_training_options: {{mode: [], scf: 1}}}}",
        ]
    )
    count = _size(chance, 600)
    return (
        head + "train_schedule:\n" + "".join(f"  {number}: {body}\n".format(i) for i in range(count))
    ).encode()


def _shell(chance: random.Random) -> bytes:
    return _mutate(LAUNCHER, COMMANDS, chance).encode("utf-8", "replace")


def _shell_noise(chance: random.Random) -> bytes:
    pieces = chance.choices([*COMMANDS, " ", "\n", "\\\n", "python run_train.py "], k=_size(chance, 1500))
    return "".join(pieces).encode()


def _shell_deep(chance: random.Random) -> bytes:
    depth = _size(chance, 5000)
    opening, middle, closing = chance.choice(
        [
            ("$(", "a", ")"),
            ("${A:-", "a", "}"),
            ("(", "a", ")"),
            ("{ ", "a", ";}"),
            ("if a; then ", "a", "; fi"),
            ('"$(', "a", ')"'),
        ]
    )
    doubling = "A=a\n" + "A=$A$A\n" * 60 + "B=$A\n"
    nested = opening * depth + middle + closing * depth
    return (
        chance.choice(["", doubling]) + f"python run_train.py --config config.yaml --name {nested}\n"
    ).encode()


def _for_reader(reader: Reader, chance: random.Random) -> bytes:
    """An honest file with damage, with odd values, or nothing of the kind."""
    text = honest(reader, chance)
    what = chance.random()
    if what < 0.45:
        return _mutate(text, reader.pieces or VALUES, chance).encode("utf-8", "replace")
    if what < 0.8 and is_structured(reader):
        return rebuilt(text, chance)
    if what < 0.9:
        return chance.choice(ANY_TEXT)(chance)
    codec = chance.choice(["utf-8-sig", "utf-16", "latin-1"])
    return text.replace("a", "ä").encode(codec, "replace") + chance.choice(
        [b"", b"\xff", b"\x00", b"\n" * 9000]
    )


ANY_TEXT = (_noise, _characters, _nesting, _aliases, _loops, _huge, _dense, _many_keys, _documents, _nul)
MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "mutated config": _mutated,
    "noise": _noise,
    "shell": _shell,
    "characters": _characters,
    "nesting": _nesting,
    "aliases": _aliases,
    "loops": _loops,
    "encoded": _encoded,
    "shell noise": _shell_noise,
    "line ends": _line_ends,
    "control bytes": _nul,
    "documents": _documents,
    "huge": _huge,
    "dense": _dense,
    "many keys": _many_keys,
    "schedule": _schedule,
    "shell deep": _shell_deep,
    **{kind: partial(_for_reader, reader) for kind, reader in READERS.items()},
}
