"""The recipes of the data make the files that are shipped; needs the packages of examples/requirements.txt."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import ase.io
import numpy as np
import pytest
import yaml

from tests.examples.identities import EXAMPLES, FILES

MISSING = [name for name in ("pyscf", "tblite") if importlib.util.find_spec(name) is None]
SEED = 2026
# Å and units of the label: a relaxation multiplies what the platform does to the last digits.
SAME_PLACE, SAME_LABEL = 1e-5, 1e-4

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}: examples/requirements.txt"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def generate() -> Iterator[dict[str, Any]]:
    """The modules behind make_data.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        yield {name: importlib.import_module(f"generate.{name}") for name in ("families", "frame")}


@pytest.mark.parametrize(("name", "split"), FILES)
def test_the_first_frame_comes_out_again(
    name: str, split: str, generate: dict[str, Any], tmp_path: Path
) -> None:
    family = generate["families"].FAMILIES[name]
    stream = np.random.default_rng([SEED, family.number, family.splits.index(split)])
    path = tmp_path / "first.xyz"

    generate["frame"].write_frames(path, islice(family.make(split, stream), 1))

    made, shipped = _first(path), _first(EXAMPLES / name / "data" / f"{split}.xyz")
    assert str(made.symbols) == str(shipped.symbols)
    assert abs(made.positions - shipped.positions).max() < SAME_PLACE
    for key, value in shipped.arrays.items():
        assert abs(made.arrays[key] - value).max() < SAME_LABEL, key
    for key, value in shipped.info.items():
        assert _alike(made.info[key], value), key


@pytest.mark.parametrize("name", {name: None for name, _ in FILES})
def test_free_atoms_have_the_energies_of_the_config(name: str, generate: dict[str, Any]) -> None:
    config = yaml.safe_load((EXAMPLES / name / "config.yaml").read_text(encoding="utf-8"))

    energies = generate["families"].FAMILIES[name].atom_energies()

    assert {*energies} == {*config["E0s"]}
    assert max(abs(energies[number] - config["E0s"][number]) for number in energies) < 1e-5


def _alike(one: Any, other: Any) -> bool:
    return one == other if isinstance(other, str) else bool(np.max(np.abs(one - other)) < SAME_LABEL)


def _first(path: Path) -> Any:
    return next(iter(ase.io.iread(path)))
