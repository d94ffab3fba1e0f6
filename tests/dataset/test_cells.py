"""Lines as ASE writes them, with any byte of them wrong: machine code counts what the plain engine counts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mace_scf.dataset import scan_file

pytest.importorskip("numba", reason="the extra [fast] is not installed")

HEAD = "{}\nProperties=species:S:1:pos:R:3:REF_forces:R:{}\n"


def lines_of(source: random.Random, atoms: int, cells: int) -> list[str]:
    """Lines of one symbol and numbers of any size that fits, negative zeros among them."""
    sizes = (0.0, -0.0, 1e-8, 0.3, 7.0, -12.0, 350.0, -9999.0, 123456.0, 9999999.0, -999999.0)
    return [
        f"{source.choice(('H', 'Cl')):2s}"
        + "".join(f" {source.choice(sizes) * source.random():16.8f}" for _ in range(cells))
        for _ in range(atoms)
    ]


@pytest.mark.parametrize("atoms", [1, 3, 7, 8, 9, 16, 21])
def test_every_size_of_frame(atoms: int, tmp_path: Path) -> None:
    source, path = random.Random(atoms), tmp_path / "sound.xyz"
    frames = [
        HEAD.format(atoms, cells - 3) + "\n".join(lines_of(source, atoms, cells)) + "\n"
        for cells in (4, 5, 8, 12)
        for _ in range(40)
    ]
    path.write_text("".join(frames))

    found = scan_file(str(path), values=True, engine="compiled")

    assert found == scan_file(str(path), values=True, engine="plain")
    assert found.value_frames == len(frames)


@pytest.mark.parametrize("atoms", [2, 9])
@pytest.mark.parametrize("byte", list(" 0-+.,eN\t\x00\x1f\x7f/:@P"))
def test_every_byte_of_a_line(atoms: int, byte: str, tmp_path: Path) -> None:
    source, path = random.Random(atoms), tmp_path / "wrong.xyz"
    with path.open("w", newline="") as stream:
        for place in range(2 + 17 * 4):
            lines = lines_of(source, atoms, 4)
            row = source.randrange(atoms)
            lines[row] = lines[row][:place] + byte + lines[row][place + 1 :]
            stream.write(HEAD.format(atoms, 1) + "\n".join(lines) + "\n")

    assert scan_file(str(path), values=True, engine="compiled") == scan_file(
        str(path), values=True, engine="plain"
    )
