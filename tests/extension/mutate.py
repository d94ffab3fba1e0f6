"""Extensions that are nearly right: the shipped ones with values, keys and items changed, from a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FORKS = sorted((ROOT / "examples" / "extensions").glob("*_fork.yaml"))
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2.5, 1e400, "", "x", "None", "forces", "mode", "direct", "FixedPoint", "a.b.c", "é",
    [], [None], [1, "a"], {}, {"not": []}, {"not": 1}, {"a": {"b": 1}}, 10**30, "update.X", ".h5", "TTF", "number",
)  # fmt: skip


def load(path: Path) -> Any:
    """The plain content of an extension."""
    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return {**content, "dated": str(content["dated"])}


def mutated(content: Any, seed: int) -> Any:
    """A copy with one to three places changed."""
    chance = random.Random(seed)
    content = copy.deepcopy(content)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(content))
        if places:
            _change(*chance.choice(places), chance)
    return content


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _change(holder: Any, key: Any, chance: random.Random) -> None:
    what = chance.random()
    if what < 0.5:
        holder[key] = copy.deepcopy(chance.choice(ODD))
    elif what < 0.75 or isinstance(holder, list):
        del holder[key]
    else:
        holder[chance.choice(["name", "like", "when", "options", "forces", "doc", "x"])] = holder.pop(key)
