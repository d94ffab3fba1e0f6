"""Frames that are found and hashed while their piece is still being read: the same as after it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dataset_mutations import mutated
from mace_scf.dataset import scan_file
from mace_scf.dataset.plain import PlainEngine
from mace_scf.dataset.readers import pieces

pytest.importorskip("numba", reason="the extra [fast] is not installed")

from mace_scf.dataset.compiled import CompiledEngine
from mace_scf.dataset.compiled_walk import CompiledWalk, Hashes

SEEDS = sorted((Path(__file__).parent / "malformed").glob("*.xyz"))


@pytest.fixture(params=[(64, 64, 1 << 12), (256, 1024, 1 << 14)], ids=["often", "seldom"])
def looks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Small steps, looks and pieces; how many frames each look has found."""
    step, look, piece = request.param
    found: list[int] = []
    plain_look = CompiledWalk.look

    def noted(walk: CompiledWalk, memory: bytearray, size: int) -> None:
        before = walk._seen.frames
        plain_look(walk, memory, size)
        found.append(walk._seen.frames - before)

    monkeypatch.setattr(pieces, "_STEP", step)
    monkeypatch.setattr(pieces, "_LOOK", look)
    for engine in (CompiledEngine, PlainEngine):  # how far damage is followed depends on it
        monkeypatch.setattr(engine, "piece", piece)
    monkeypatch.setattr(CompiledWalk, "look", noted)
    return found


def assert_same(path: Path) -> None:
    """The profiles of both engines are equal, hashes and damage included."""
    assert scan_file(str(path), values=True, engine="compiled") == scan_file(
        str(path), values=True, engine="plain"
    )


def test_frames_found_ahead_are_those_of_the_file(mixed_file: Path, looks: list[int]) -> None:
    assert_same(mixed_file)

    assert sum(looks) > 50


def test_what_was_hashed_ahead_is_not_hashed_again(
    mixed_file: Path, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    plain_add = Hashes.add

    def noted(known: Hashes, view: memoryview, table: Any, method: Any) -> None:
        hashed.append(len(table))
        plain_add(known, view, table, method)

    monkeypatch.setattr(Hashes, "add", noted)

    profile = scan_file(str(mixed_file), engine="compiled")

    assert profile.frames - 5 < sum(hashed) <= profile.frames  # the plain engine hashes odd ones


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_other_line_ends_are_not_looked_at(
    ending: bytes, mixed_file: Path, looks: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "returns.xyz"
    path.write_bytes(mixed_file.read_bytes().replace(b"\n", ending))

    assert_same(path)

    assert sum(looks) == 0


def test_a_return_in_the_middle_makes_what_was_seen_void(
    mixed_file: Path, looks: list[int], tmp_path: Path
) -> None:
    path, data = tmp_path / "return.xyz", mixed_file.read_bytes()
    for place in (data.index(b"\n", 3000), data.index(b"\n", 9000), len(data) - 1):
        path.write_bytes(data[:place] + b"\r" + data[place + 1 :])
        assert_same(path)


def test_odd_frames_among_those_seen_ahead(mixed_file: Path, looks: list[int], tmp_path: Path) -> None:
    path = tmp_path / "odd.xyz"
    lines = mixed_file.read_text().replace("config_type=slab", "config_type='slab'").replace("H ", "Xx ", 40)
    path.write_text(lines)

    assert_same(path)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_damage_is_the_same(path: Path, looks: list[int]) -> None:
    assert_same(path)


def test_mutated_files(looks: list[int], frames: list[str], tmp_path: Path) -> None:
    path, source = tmp_path / "mutated.xyz", random.Random(12)

    for _ in range(40):
        start = source.randrange(100)
        path.write_bytes(mutated("".join(frames[start : start + 50]).encode(), source))
        assert_same(path)


def test_a_frame_larger_than_many_looks_is_looked_at_a_few_times(
    looks: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, walked = tmp_path / "large.xyz", []
    path.write_text("30000\nProperties=species:S:1:pos:R:3\n" + "H 0.0 0.0 0.0\n" * 30000)
    steps = CompiledWalk._steps

    def noted(walk: CompiledWalk, place: int, size: int, start: int, *numbers: int) -> Any:
        walked.append(size - start)
        return steps(walk, place, size, start, *numbers)

    monkeypatch.setattr(CompiledWalk, "_steps", noted)

    scan_file(str(path), engine="compiled")

    assert sum(walked) < 12 * path.stat().st_size
