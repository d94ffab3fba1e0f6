"""Hostile files for the readers beside config and launcher: extensions, cards, project files, baselines, logs."""

from __future__ import annotations

import copy
import functools
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import attrs
from ruamel.yaml import YAML

from tests.extension.mutate import FORKS, mutated
from tests.logs.writing import run

ROOT = Path(__file__).parents[2]
Make = Callable[[random.Random], bytes]

CARD = """\
version: 1
doc: Water, as planned.
splits:
  train:
    source: train.xyz
    hash: sha256:9f86d081
    frames: 400
    references:
      REF_energy: {}
      REF_forces: {shape: [3], per_atom: true}
      REF_dipole: {frames: 380, shape: [3]}
    pbc: {FFF: 390, TTT: 10}
    elements: [H, O]
    isolated_atoms: []
"""
PROJECT = """\
extensions: [fork.yaml]
entry_points: false
severity:
  C130: error
  L: warning
  lr: off
"""
PYPROJECT = """\
[project]
name = "water"
[tool.mace-scf]
extensions = ["fork.yaml"]
entry_points = false
[tool.mace-scf.severity]
C130 = "error"
"""
BASELINE = """\
{"version": 1, "findings": [
 {"file": "config.yaml", "path": "r_max", "code": "C112", "count": 1},
 {"file": "config.yaml", "path": "train_schedule.0.loss", "code": "L201", "count": 2}
]}
"""
LOG_PIECES = (
    *(
        "loss breakdown: ",
        "Epoch 99999999999999999999: loss=",
        "nan",
        "1e999",
        "{'a': " * 300,
        ": ",
        ", " * 2000,
    ),
    *(
        "Changing loss based on config: {",
        "}",
        "DEBUG: ",
        "INFO: ",
        "\x00",
        "\u2028",
        "9" * 5000,
        "=",
        "é",
        "Epoch -1",
    ),
    *(
        '{"version": 1, "stage": "first"}',
        '{"terms": {"a": {"raw": 1, "weight": []}}}',
        "[" * 5000,
        '{"step": 1e400}',
    ),
)


@attrs.frozen
class Reader:
    """How a reader is given a file.

    Attributes:
        name: of the file.
        texts: makes honest ones.
        arguments: command lines that lead to it; none for logs, which are read by themselves.
        pieces: what mutations put in; those of a config if none.
    """

    name: str
    texts: Callable[[], tuple[str, ...]]
    arguments: tuple[tuple[str, ...], ...]
    pieces: tuple[str, ...] = ()


@functools.cache
def _forks() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in FORKS)


@functools.cache
def _measured() -> tuple[str, ...]:
    from mace_scf.dataset import scan_file
    from mace_scf.dataset.card import write_card

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "card.yaml")
        write_card(scan_file(str(ROOT / "examples" / "qeq" / "data" / "valid.xyz")), str(path))
        return (path.read_text(encoding="utf-8"),)


@functools.cache
def _logs() -> tuple[str, ...]:
    return ("\n".join(run(range(3), batches=2, weights={"energy_per_atom": 1.0, "forces": 100.0})),)


@functools.cache
def _records() -> tuple[str, ...]:
    term = {"raw": 1.5, "weight": 2.0, "weighted": 3.0, "share": 1.0, "count": 4}
    record = {"version": 1, "stage": "first", "epoch": 0, "step": 1, "terms": {"forces": term}, "total": 3.0}
    return ("".join(json.dumps({**record, "step": step}) + "\n" for step in range(4)),)


CONFIG_TOO = ("config.yaml",)
READERS: dict[str, Reader] = {
    "extension": Reader("fork.yaml", _forks, (("--extension", "fork.yaml", "config.yaml"), ("fork.yaml",))),
    "card": Reader(
        "water.dataset.yaml", lambda: (CARD,),
        (("--dataset-card", "train=water.dataset.yaml", "config.yaml"), ("water.dataset.yaml",)),
    ),
    "measured card": Reader(
        "card.yaml", _measured, (("--dataset-card", "train=card.yaml", "config.yaml"), ("card.yaml",))
    ),
    "project file": Reader("mace-scf.yaml", lambda: (PROJECT,), (CONFIG_TOO, ("mace-scf.yaml",))),
    "pyproject": Reader("pyproject.toml", lambda: (PYPROJECT,), (CONFIG_TOO,)),
    "baseline": Reader(
        "baseline.json", lambda: (BASELINE,), (("--baseline", "baseline.json", "config.yaml"),)
    ),
    "log": Reader("run.log", _logs, (), LOG_PIECES),
    "records": Reader("run.jsonl", _records, (), LOG_PIECES),
}  # fmt: skip


def rebuilt(text: str, chance: random.Random) -> bytes:
    """The same file with one to three of its values changed, and no damage to its syntax."""
    content = YAML(typ="safe", pure=True).load(text)
    plain = json.loads(json.dumps(content, default=str))
    return json.dumps(mutated(copy.deepcopy(plain), chance.randrange(1 << 30))).encode()


def is_structured(reader: Reader) -> bool:
    """Whether its honest text is one YAML value."""
    return reader.name.endswith((".yaml", ".json"))


def honest(reader: Reader, chance: random.Random) -> str:
    """One of its honest texts."""
    return chance.choice(reader.texts())
