"""Inputs that try to break, slow down or misuse the checker, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

import attrs

from tests.property.hostile_files import READERS, Reader, honest, is_structured, rebuilt
from tests.property.hostile_mutations import mutated
from tests.property.hostile_pieces import COMMANDS, CONFIG, LAUNCHER, VALUES

MOST_BYTES = 64 * 1024


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
    return mutated(CONFIG, VALUES, chance).encode()


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
    text = mutated(CONFIG, VALUES, chance) if chance.random() < 0.5 else CONFIG
    codec = chance.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-7"])
    data = text.replace("water", "wäßer").encode(codec, "replace")
    return (
        data if chance.random() < 0.7 else data + chance.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00"])
    )


def _line_ends(chance: random.Random) -> bytes:
    text = mutated(CONFIG, VALUES, chance) if chance.random() < 0.5 else CONFIG
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
    return mutated(LAUNCHER, COMMANDS, chance).encode("utf-8", "replace")


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
        return mutated(text, reader.pieces or VALUES, chance).encode("utf-8", "replace")
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
