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
from mace_scf.dataset.compiled_walk import CompiledWalk

SEEDS = sorted((Path(__file__).parent / "malformed").glob("*.xyz"))


@pytest.fixture(params=[(64, 1 << 12), (1024, 1 << 14)], ids=["small", "larger"], autouse=True)
def small_pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small steps and pieces."""
    step, piece = request.param
    monkeypatch.setattr(pieces, "_STEP", step)
    monkeypatch.setattr(pieces, "MOST_FRAMES", 7)
    for engine in (BatchEngine, CompiledEngine, PlainEngine):  # how far damage is followed depends on it
        monkeypatch.setattr(engine, "piece", piece)
        monkeypatch.setattr(engine, "comments", piece // 4, raising=False)


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


@pytest.mark.parametrize("engine", ["plain", "numpy", "compiled"])
def test_progress_comes_to_the_size_of_the_file(engine: str, mixed_file: Path) -> None:
    steps: list[int] = []

    scan_file(str(mixed_file), engine=engine, progress=steps.append)

    assert len(steps) > 7
    assert sum(steps) == mixed_file.stat().st_size


def test_hashes_of_any_length_are_those_of_the_package() -> None:
    xxhash = pytest.importorskip("xxhash", reason="the extra [fast] is not installed")

    from mace_scf.dataset.hashing import hash_method
    from mace_scf.dataset.readers.pieces import MARGIN, Piece, newline_positions
    from mace_scf.dataset.readers.spans import SpanTable

    source = random.Random(13)
    sizes = [3, *range(220, 420), 1023, 1024, 1025, 1087, 1088, 1089, 2048, 2049, 5000, 40000]
    texts = [(bytes(source.choices(b"abc =", k=size)), b"H" + b" " * (size // 2) + b"\n") for size in sizes]
    memory = bytearray(b"".join(b"1\n%b\n%b" % text for text in texts))
    piece = Piece(memoryview(memory + bytes(MARGIN))[: len(memory)], 0, 0, newline_positions)
    hasher, spans = FrameHasher(hash_method()), SpanTable()
    walk = CompiledWalk(hasher)

    walked = walk.walk(piece, spans, 0, 0, 0, final=True)
    _, found = walk.take(spans.rows[:50])
    _, others = walk.take(spans.rows[50:])

    assert (walked.start, walked.frame, walked.line) == (len(memory), len(sizes), 3 * len(sizes))
    pairs = [
        *hasher.complete(piece, spans.rows[:50:7], found).tolist(),
        *hasher.complete(piece, spans.rows[50:], others).tolist(),
    ]
    assert pairs == [
        [xxhash.xxh3_64_intdigest(comment), xxhash.xxh3_64_intdigest(block)]
        for comment, block in texts[:50:7] + texts[50:]
    ]
