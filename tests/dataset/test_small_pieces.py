"""Files read in many small pieces: every engine sees the same frames, and machine code hashes as the package does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.dataset_mutations import mutated
from mace_scf.dataset import scan_file
from mace_scf.dataset.batch import BatchEngine
from mace_scf.dataset.plain import PlainEngine
from mace_scf.dataset.readers import pieces

pytest.importorskip("numba", reason="the extra [fast] is not installed")

from mace_scf.dataset.compiled import CompiledEngine
from mace_scf.dataset.compiled_hashes import FrameHasher

SEEDS = sorted((Path(__file__).parent / "malformed").glob("*.xyz"))


@pytest.fixture(params=[(64, 1 << 12), (1024, 1 << 14)], ids=["small", "larger"], autouse=True)
def small_pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small steps and pieces."""
    step, piece = request.param
    monkeypatch.setattr(pieces, "_STEP", step)
    for engine in (BatchEngine, CompiledEngine, PlainEngine):  # how far damage is followed depends on it
        monkeypatch.setattr(engine, "piece", piece)


def assert_same(path: Path) -> None:
    """The profiles of all engines are equal, hashes and damage included."""
    plain = scan_file(str(path), values=True, engine="plain")

    assert scan_file(str(path), values=True, engine="numpy") == plain
    assert scan_file(str(path), values=True, engine="compiled") == plain


def test_frames_at_the_borders_of_pieces_are_those_of_the_file(mixed_file: Path) -> None:
    assert_same(mixed_file)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_other_line_ends(ending: bytes, mixed_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "returns.xyz"
    path.write_bytes(mixed_file.read_bytes().replace(b"\n", ending))

    assert_same(path)


def test_a_return_in_the_middle(mixed_file: Path, tmp_path: Path) -> None:
    path, data = tmp_path / "return.xyz", mixed_file.read_bytes()
    for place in (data.index(b"\n", 3000), data.index(b"\n", 9000), len(data) - 1):
        path.write_bytes(data[:place] + b"\r" + data[place + 1 :])
        assert_same(path)


def test_odd_frames(mixed_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.xyz"
    lines = mixed_file.read_text().replace("config_type=slab", "config_type='slab'").replace("H ", "Xx ", 40)
    path.write_text(lines)

    assert_same(path)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_damage_is_the_same(path: Path) -> None:
    assert_same(path)


def test_mutated_files(frames: list[str], tmp_path: Path) -> None:
    path, source = tmp_path / "mutated.xyz", random.Random(12)

    for _ in range(40):
        start = source.randrange(100)
        path.write_bytes(mutated("".join(frames[start : start + 50]).encode(), source))
        assert_same(path)


def test_hashes_of_any_length_are_those_of_the_package() -> None:
    xxhash = pytest.importorskip("xxhash", reason="the extra [fast] is not installed")
    import numpy as np

    from mace_scf.dataset.hashing import hash_method
    from mace_scf.dataset.readers.pieces import Piece, newline_positions
    from mace_scf.dataset.readers.spans import BLOCK_END, COMMENT, COMMENT_END

    source = random.Random(13)
    sizes = [*range(220, 420), 1023, 1024, 1025, 1087, 1088, 1089, 2048, 2049, 5000, 40000]
    memory = bytearray(source.randbytes(2 * sum(sizes) + 128))
    table, at = np.zeros((len(sizes), 8), dtype=np.int64), 3
    for row, size in enumerate(sizes):
        table[row, [COMMENT, COMMENT_END, BLOCK_END]] = at, at + size, at + size + 1 + size // 2
        at += size
    piece = Piece(memoryview(memory), 0, 0, newline_positions)

    pairs = FrameHasher(hash_method()).hashes(piece, table)

    bounds = table[:, [COMMENT, COMMENT_END, BLOCK_END]].tolist()
    for (start, end, last), pair in zip(bounds, pairs.tolist(), strict=True):
        assert pair == [
            xxhash.xxh3_64_intdigest(memory[start:end]),
            xxhash.xxh3_64_intdigest(memory[end + 1 : last]),
        ]
