"""What the profile says of one frame is what ASE makes of it: elements, flags, kinds and forms of entries."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path

import ase.io
import numpy as np
import pytest

from mace_scf.dataset import DatasetProfile, scan_file

ENGINES = ("plain", "numpy")
_POSITIONS = ("0.0 0.0 0.0", "0.0 0.0 0.97")


def written(folder: Path, comment: str, *rows: str) -> Path:
    path = folder / "frame.xyz"
    path.write_text("\n".join([str(len(rows)), comment, *rows, ""]), encoding="utf-8")
    return path


def profiled(path: Path) -> DatasetProfile:
    """All engines agree on it."""
    profiles = [scan_file(str(path), values=True, engine=engine) for engine in ENGINES]
    assert all(profile == profiles[0] for profile in profiles)
    return profiles[0]


def read_by_ase(path: Path) -> ase.Atoms:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        atoms = ase.io.read(path, index=0)
    assert isinstance(atoms, ase.Atoms)
    return atoms


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ("Z:I:1:pos:R:3", "{z} {r}"),
        ("Z:R:1:pos:R:3", "{z}.0 {r}"),
        ("Z:L:1:pos:R:3", "T {r}"),
        ("numbers:I:1:positions:R:3", "{z} {r}"),
        ("species:S:1:pos:R:3:Z:R:1", "{s} {r} {z}"),
        ("species:S:1:pos:R:3:Z:I:1", "{s} {r} {z}"),
        ("species:S:1:pos:R:3:Z:I:1", "{s}W {r} {z}"),
        ("species:S:1:pos:R:3:Z:S:1", "X {r} {s}"),
        ("species:S:1:pos:R:3:numbers:I:1:Z:I:1", "{s} {r} 6 {z}"),
        ("species:S:1:pos:R:3:symbols:S:1", "C {r} {s}"),
        ("pos:R:3", "{r}"),
        ("Properties=none", "{s} {r}"),
    ],
)
def test_elements_are_those_of_ase(tmp_path: Path, properties: str, words: str) -> None:
    rows = [words.format(z=z, s=s, r=r) for (z, s), r in zip(((8, "O"), (1, "H")), _POSITIONS, strict=True)]
    path = written(tmp_path, f"Properties={properties}", *rows)

    profile = profiled(path)

    found = {number: element.atoms for number, element in profile.elements.items() if element.atoms}
    assert found == Counter(read_by_ase(path).numbers.tolist())


@pytest.mark.parametrize(
    "pbc",
    ["T", "1", "FFF", "TTT", "no", '"F F x"', '"T T F"', "[T,T,F]", '"_JSON [[true, true, false]]"',
     '"_JSON [true]"', '"_JSON null"', '"0.5 0 0"', '"nan 0 0"'],
)  # fmt: skip
@pytest.mark.parametrize("lattice", ["", 'Lattice="9 0 0 0 9 0 0 0 9" '])
def test_periodic_directions_are_those_of_ase(tmp_path: Path, pbc: str, lattice: str) -> None:
    path = written(tmp_path, f"{lattice}pbc={pbc} Properties=species:S:1:pos:R:3", "H 0 0 0")

    profile = profiled(path)

    (flags,) = [item.detail for item in profile.items if (item.location, item.key) == ("frame", "pbc")]
    assert flags == "".join("T" if flag else "F" for flag in read_by_ase(path).pbc)


@pytest.mark.parametrize(
    ("value", "kind", "shape"),
    [
        ('"_JSON []"', "real", (0,)),
        ('"_JSON [[], []]"', "real", (2, 0)),
        ('"_JSON \\"abc\\""', "text", ()),
        ('"_JSON [1, true]"', "int", (2,)),
        ('"  "', "int", (0,)),
    ],
)
def test_kind_and_form_are_those_of_ase(
    tmp_path: Path, value: str, kind: str, shape: tuple[int, ...]
) -> None:
    path = written(tmp_path, f"Properties=species:S:1:pos:R:3 seen={value}", "H 0 0 0")

    profile = profiled(path)

    (reading,) = [item.reading for item in profile.items if item.key == "seen"]
    assert (reading.kind, reading.shape) == (kind, shape)
    value_of_ase = read_by_ase(path).info["seen"]
    assert np.shape(value_of_ase) == shape
    assert isinstance(value_of_ase, str) is (kind == "text")


def test_a_whole_number_beyond_32_bits_is_found_in_any_size_of_file(tmp_path: Path) -> None:
    frame = "40\nProperties=species:S:1:pos:R:3:molID:I:1\n" + "H 0.0 0.0 0.0 7\n" * 40
    path = tmp_path / "large.xyz"
    path.write_text(frame * 20 + frame.replace("0.0 7\n", f"0.0 {2**31}\n", 1))

    profile = profiled(path)

    (example,) = profile.damage["D938"].examples
    assert (example.place.frame, example.place.atom, example.detail) == (20, 0, "`2147483648` in `molID`")
    assert profile.files[str(path)].verdict.error.startswith("OverflowError")
