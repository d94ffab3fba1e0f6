"""Runs with mistakes of all families, written in every layout that people use: what fixes are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

import attrs

Tree: TypeAlias = "str | list[Pair]"
Pair: TypeAlias = "tuple[str, Tree]"
BLANK_BEHIND = "@"  # where a blank shall stand behind the backslash
Script: TypeAlias = list[str]


@attrs.frozen
class Run:
    """A config as pairs of keys and values, the words of its launcher, a line each, and a fork of the trainer."""

    tree: list[Pair]
    script: Script
    fork: list[Pair]


def clean_run() -> Run:
    """Nothing is wrong with it, and it says everything that the trainer wants."""
    loss: list[Pair] = [("energy_per_atom", "10.0"), ("forces", "100.0"), ("atomic_multipoles", "100.0")]
    scf: list[Pair] = [("num_scf_steps", "12"), ("mixing_parameter", "0.3")]
    tree: list[Pair] = [
        ("name", "water"), ("model", "FixedPoint"), ("train_file", "train.xyz"), ("E0s", "average"),
        ("error_table", "PerAtomRMSE"), ("batch_size", "4"), ("r_max", "5.0"), ("num_channels", "64"), ("max_L", "1"),
        ("atomic_multipoles_smearing_width", "1.5"), ("electrostatic_pbc_method", "molecule_in_box"),
        ("field_feature_norms", '"None"'), ("optimizer", "adam"), ("use_linear_local_charges", "true"),
        ("heads", [("Default", [
            ("info_keys", [("energy", "REF_energy"), ("total_charge", "total_charge"), ("fermi_level", "REF_mu")]),
            ("arrays_keys", [("forces", "REF_forces"), ("atomic_multipoles", "REF_multipoles")]),
        ])]),
        ("train_schedule", [
            ("0", [("name", "first"), ("start", "0"), ("end", "99"), ("lr", "0.01"), ("loss", list(loss)),
                   ("fixed_point_training_options", [("mode", "direct")])]),
            ("1", [("name", "second"), ("start", "100"), ("end", "149"), ("lr", "0.01"), ("loss", list(loss)),
                   ("fixed_point_training_options", [("mode", "unroll_scf"), ("scf", scf)])]),
        ]),
    ]  # fmt: skip
    fork: list[Pair] = [
        ("extends", "upstream"), ("name", "my-fork"), ("dated", "2026-08-07"),
        ("options", [("add", [
            ("solvent", [("kind", "string"), ("doc", "How the solvent is described."), ("default", "none")]),
            ("noise", [("kind", "number"), ("doc", "Noise on the charges."), ("minimum", "0.0")]),
        ])]),
        ("accepts", [("file_suffixes", "[.xyz, .h5]")]),
    ]  # fmt: skip
    return Run(tree, ["--seed 3", "--valid_fraction 0.1", "--ema", "--patience 20"], fork)


@attrs.frozen
class Mistake:
    """One thing to do to a run.

    Attributes:
        code: of the finding.
        zone: two mistakes of one zone would disturb each other.
        plant: does it.
        safe: its fix is a safe one.
        restores: the fix leads back to what the clean run says.
        late: it renames a block that others lie in.
    """

    code: str
    zone: str
    plant: Callable[[Run], None] = attrs.field(repr=False)
    safe: bool = True
    restores: bool = True
    late: bool = False


def block(run: Run, *path: str) -> list[Pair]:
    """The pairs below some keys."""
    found: Tree = run.fork if path[:1] == FORK else run.tree
    for name in path[1:] if path[:1] == FORK else path:
        assert isinstance(found, list)
        found = next(value for key, value in found if key == name)
    assert isinstance(found, list)
    return found


def renamed(old: str, new: str, *path: str) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        pairs = block(run, *path)
        pairs[:] = [(new if key == old else key, value) for key, value in pairs]

    return plant


def valued(name: str, value: Tree, *path: str) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        pairs = block(run, *path)
        pairs[:] = [(key, value if key == name else old) for key, old in pairs]

    return plant


def added(name: str, value: Tree, *path: str) -> Callable[[Run], None]:
    return lambda run: block(run, *path).append((name, value))


def removed(name: str, *path: str) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        pairs = block(run, *path)
        pairs[:] = [pair for pair in pairs if pair[0] != name]

    return plant


def moved(name: str, here: tuple[str, ...], there: tuple[str, ...]) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        pair = next(pair for pair in block(run, *here) if pair[0] == name)
        block(run, *here).remove(pair)
        block(run, *there).append(pair)

    return plant


def twice(name: str, *path: str) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        pairs = block(run, *path)
        pairs.append(next(pair for pair in pairs if pair[0] == name))

    return plant


def said(line: int, text: str) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        run.script[line] = text

    return plant


def both(*plants: Callable[[Run], None]) -> Callable[[Run], None]:
    def plant(run: Run) -> None:
        for each in plants:
            each(run)

    return plant


FORK = ("fork",)
SOLVENT, NOISE = (*FORK, "options", "add", "solvent"), (*FORK, "options", "add", "noise")
FIRST, SECOND = ("train_schedule", "0"), ("train_schedule", "1")
INFO, ARRAYS = ("heads", "Default", "info_keys"), ("heads", "Default", "arrays_keys")
BLOCK = "fixed_point_training_options"
STAGES = (FIRST, SECOND)
SCF = (*SECOND, BLOCK, "scf")
MISTAKES: tuple[Mistake, ...] = (
    Mistake("C101", "batch", renamed("batch_size", "batch_sise")),
    Mistake("C103", "batch", renamed("batch_size", "batch_siz")),
    Mistake("C110", "batch", valued("batch_size", "4.0")),
    Mistake("C003", "batch", twice("batch_size")),
    Mistake("C111", "optimizer", valued("optimizer", "Adam")),
    Mistake("C140", "forces", added("compute_forces", "false")),
    Mistake("C131", "energy", both(removed("energy", *INFO), added("energy_key", "REF_energy"))),
    Mistake("D107", "energy", moved("forces", ARRAYS, INFO)),
    Mistake("C101", "heads", renamed("arrays_keys", "array_keys", "heads", "Default"), late=True),
    Mistake("C120", "lr", valued("lr", "1e-2", *FIRST)),
    Mistake("C101", "lr", renamed("lr", "learning_rate", *FIRST)),
    Mistake("L101", "lr", moved("lr", FIRST, (*FIRST, "loss"))),
    Mistake("C003", "lr", twice("lr", *FIRST)),
    Mistake("L101", "loss", renamed("forces", "forcess", *SECOND, "loss")),
    Mistake("L102", "loss", valued("forces", "100", *SECOND, "loss")),
    Mistake("L101", "loss", both(*(renamed("forces", "forcess", *stage, "loss") for stage in STAGES))),
    Mistake("L102", "loss", both(*(valued("forces", "100", *stage, "loss") for stage in STAGES))),
    Mistake("C120", "loss", valued("forces", "1e2", *SECOND, "loss")),
    Mistake("S106", "end", valued("end", "149.0", *SECOND)),
    Mistake("C101", "scf", moved("mixing_parameter", SCF, (*SECOND, BLOCK))),
    Mistake("C101", "scf", renamed("num_scf_steps", "scf_steps", *SCF)),
    Mistake("C110", "scf", valued("num_scf_steps", "12.0", *SCF)),
    Mistake("F104", "scf", renamed(BLOCK, "scf_training_options", *SECOND), late=True),
    Mistake("C111", "scf", valued("mode", "unrol_scf", *SECOND, BLOCK)),
    Mistake("S102", "stages", both(renamed("0", "'0'", "train_schedule"), renamed("1", "'1'", "train_schedule")),
            late=True),
    Mistake("C101", "script 0", said(0, "--seeed 3")),
    Mistake("R107", "script 0", said(0, "-seed 3")),
    Mistake("R108", "script 0", said(0, "--seed 3 --seed 3")),
    Mistake("R105", "script 2", said(2, "--ema=true")),
    Mistake("R101", "script 1", said(1, "--valid_fraction 0.1" + BLANK_BEHIND)),
    Mistake("E101", "fork", renamed("default", "defualt", *SOLVENT), safe=False),
    Mistake("E102", "fork", valued("kind", "float", *NOISE), safe=False),
    Mistake("E102", "fork", valued("file_suffixes", ".xyz", *FORK, "accepts"), safe=False, restores=False),
    Mistake("E107", "fork", valued("extends", "upstraem", *FORK), safe=False),
    Mistake("S103", "start", valued("start", "90", *SECOND), safe=False),
    Mistake("D104", "charge", removed("total_charge", *INFO), safe=False),
    Mistake("F106", "direct", added("scf", [("num_scf_steps", "5"), ("mixing_parameter", "0.2")], *FIRST, BLOCK), safe=False),
    Mistake("F108", "scf", removed("mixing_parameter", *SCF), safe=False, restores=False),
    Mistake("F107", "scf", removed("scf", *SECOND, BLOCK), safe=False, restores=False),
    Mistake("L201", "stress", added("stress", "1.0", *SECOND, "loss"), safe=False),
    Mistake("L201", "stress", both(*(added("stress", "1.0", *stage, "loss") for stage in STAGES)), safe=False),
    Mistake("L206", "stress", added("field_features", "{weight: 1.0}", *SECOND, "loss"), safe=False),
    Mistake("M101", "stress", added("compute_stress", "true"), safe=False, restores=False),
    Mistake("C112", "batch", valued("batch_size", "-4"), safe=False),
    Mistake("C132", "removed", added("skip-scf-convergence-summary", "true"), safe=False),
    Mistake("C138", "name", valued("name", "runs/water"), safe=False, restores=False),
    Mistake("C135", "table", removed("error_table"), safe=False),
    Mistake("C145", "table", valued("error_table", "EnergyDipolePotentialsRMSE"), safe=False),
    Mistake("S107", "names", valued("name", "first", *SECOND), safe=False, restores=False),
    Mistake("F101", "direct", removed(BLOCK, *FIRST), safe=False, restores=False),
    Mistake("M102", "irreps", both(removed("max_L"), valued("num_channels", "64")), safe=False),
    Mistake("R106", "script 3", said(3, "--patience"), safe=False, restores=False),
    Mistake("R108", "script 3", said(3, "--patience 10 --patience 20"), safe=False),
)  # fmt: skip


@attrs.define
class Writer:
    """Writes a run with a layout of its own: margins, braces, quotes, anchors, comments.

    Attributes:
        random: decides.
        anchoring: some numbers are given by anchors.
        comments: every comment that was written.
        anchors: texts of values that an anchor stands at, with its name.
    """

    random: Random
    anchoring: bool = True
    comments: list[str] = attrs.field(factory=list)
    anchors: dict[str, str] = attrs.field(factory=dict)

    def config(self, tree: list[Pair]) -> str:
        """The YAML text, with line feeds."""
        return "\n".join(self.block(tree)) + self.random.choice(("\n", "\n", "", "\n\n"))

    def block(self, tree: list[Pair]) -> Iterator[str]:
        """The lines of a file."""
        yield from self._above("")
        yield from self._block(tree, 0, anchored=False)

    def script(self, name: str, lines: Script) -> str:
        """A launcher that names the config."""
        separator = " \\\n" + " " * self.random.choice((2, 4))
        head = f"#!/bin/bash\n{self._comment()}\npython run_train.py --config {name}"
        text = head + "".join(separator + line for line in lines) + "\n"
        return text.replace(BLANK_BEHIND + " \\\n", " \\ \n")

    def _block(self, pairs: list[Pair], margin: int, *, anchored: bool, merges: str = "") -> Iterator[str]:
        step = self.random.choice((2, 2, 3, 4))
        if merges:
            yield f"{' ' * margin}<<: *{merges}{self._behind()}"
        for key, value in pairs:
            yield from self._above(" " * margin)
            name = self._key(key, in_stage=anchored)
            if isinstance(value, str):
                yield f"{' ' * margin}{name}: {self._scalar(value, anchored)}{self._behind()}"
            elif key == "train_schedule" and self.random.random() < 0.2 and self._can_merge(value):
                yield f"{name}:"
                yield from self._merged(value, step)
            elif key == "loss" and self.anchoring and str(value) in self.anchors:
                yield f"{' ' * margin}{name}: *{self.anchors[str(value)]}{self._behind()}"
            elif self.random.random() < 0.4:
                yield f"{' ' * margin}{name}: {self._shared(key, value)}{self._flow(value, margin)}{self._behind()}"
            else:
                yield f"{' ' * margin}{name}: {self._shared(key, value)}".rstrip() + self._behind()
                yield from self._block(value, margin + step, anchored=anchored or key == "train_schedule")

    def _can_merge(self, stages: list[Pair]) -> bool:
        """Not where a stage would get a second block of options."""
        return self.anchoring and all(
            not isinstance(stage, str) and not any(key == "scf_training_options" for key, _ in stage)
            for _, stage in stages
        )

    def _merged(self, stages: list[Pair], step: int) -> Iterator[str]:
        """The second stage takes from the first what it does not say otherwise."""
        (first, one), (second, other), *_ = stages
        assert not isinstance(one, str)
        assert not isinstance(other, str)
        own = [
            pair
            for pair in other
            if not (isinstance(pair[1], str) and pair in one and other.count(pair) == 1)
        ]
        yield f"{' ' * step}{first}: &stage{self._behind()}"
        yield from self._block(one, 2 * step, anchored=False)
        yield f"{' ' * step}{second}:"
        yield from self._block(own, 2 * step, anchored=False, merges="stage")

    def _shared(self, key: str, value: list[Pair]) -> str:
        """The anchor of a loss that two stages may share."""
        if key != "loss" or not self.anchoring or str(value) in self.anchors or self.random.random() < 0.5:
            return ""
        self.anchors[str(value)] = f"a{len(self.anchors)}"
        return f"&{self.anchors[str(value)]} "

    def _flow(self, pairs: list[Pair], margin: int) -> str:
        texts = [
            f"{self._key(key)}: {value if isinstance(value, str) else self._flow(value, margin)}"
            for key, value in pairs
        ]
        blank = self.random.choice(("", "", " "))
        return f"{{{blank}{self._separated(texts, margin)}{blank}}}"

    def _separated(self, texts: list[str], margin: int) -> str:
        """On one line, or on several, with comments behind some commas."""
        if self.random.random() < 0.7:
            return ", ".join(texts)
        breaks = [f",{self._behind()}\n{' ' * (margin + 6)}" for _ in texts[1:]]
        return "".join(text + rest for text, rest in zip(texts, [*breaks, ""], strict=True))

    def _key(self, key: str, *, in_stage: bool = False) -> str:
        plain = in_stage or self.random.random() < 0.9 or not key.replace("_", "").isalpha()
        return key if plain else self.random.choice((f'"{key}"', f"'{key}'"))

    def _scalar(self, value: str, anchored: bool) -> str:
        """Numbers of stages that are given twice may be given by an anchor and its alias."""
        if not (anchored and self.anchoring) or "." not in value:
            return value
        if value in self.anchors:
            return f"*{self.anchors[value]}" if self.random.random() < 0.7 else value
        if self.random.random() < 0.7:
            return value
        self.anchors[value] = f"a{len(self.anchors)}"
        return f"&{self.anchors[value]} {value}"

    def _above(self, margin: str) -> Iterator[str]:
        if self.random.random() < 0.1:
            yield margin + self._comment()
        if self.random.random() < 0.05:
            yield ""

    def _behind(self) -> str:
        return f"  {self._comment()}" if self.random.random() < 0.25 else ""

    def _comment(self) -> str:
        self.comments.append(f"# note {len(self.comments)}: 5 Å, 'so' {{it}} is")
        return self.comments[-1]
