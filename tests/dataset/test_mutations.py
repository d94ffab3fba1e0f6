"""Damaged files of any kind: no exception, no hang, places inside the file, and a true word about ASE."""

from __future__ import annotations

import os
import random
import warnings
from pathlib import Path

import ase.io
import pytest

from benchmarks.dataset_mutations import Peer, mutated
from mace_scf.dataset import diagnostics, scan_file

SEEDS = sorted((Path(__file__).parent / "malformed").glob("*.xyz"))
ROUNDS = int(os.environ.get("MACE_SCF_MUTATIONS", "150"))


def assert_places_inside(path: Path, data: bytes) -> None:
    """Scan; whatever is said lies in the file."""
    profile = scan_file(str(path), values=True)
    lines = max(data.count(b"\n"), data.count(b"\r"), data.count(b"\n") + data.count(b"\r"))
    for finding in profile.damage.values():
        assert finding.count > 0
        for example in finding.examples:
            assert 0 <= example.offset <= len(data)
            assert 0 <= example.line <= lines
    assert len(diagnostics(profile)) == len(profile.damage)


def test_nothing_raises_on_mutated_files(tmp_path: Path) -> None:
    path, source = tmp_path / "mutated.xyz", random.Random(5)

    for _ in range(ROUNDS):
        data = mutated(source.choice(SEEDS).read_bytes(), source)
        path.write_bytes(data)
        assert_places_inside(path, data)


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_fast_engines_agree_on_mutated_files(engine: str, tmp_path: Path) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
    path, source = tmp_path / "mutated.xyz", random.Random(6)

    for _ in range(ROUNDS // 4):
        path.write_bytes(mutated(source.choice(SEEDS).read_bytes(), source))
        assert scan_file(str(path), values=True, engine=engine) == scan_file(
            str(path), values=True, engine="plain"
        )


def test_the_verdict_is_true_of_mutated_files(tmp_path: Path) -> None:
    path, source = tmp_path / "mutated.xyz", random.Random(8)
    wrong = []

    for _ in range(ROUNDS):
        data = mutated(source.choice(SEEDS).read_bytes(), source)
        path.write_bytes(data)
        verdict = scan_file(str(path), values=True).files[str(path)].verdict
        if (verdict.frames, bool(verdict.error)) != ase_outcome(path):
            wrong.append(data)

    assert wrong == []


def test_a_file_that_is_too_much_for_ase_costs_the_benchmark_a_verdict_and_no_more(tmp_path: Path) -> None:
    greedy, plain = tmp_path / "greedy.xyz", tmp_path / "plain.xyz"
    greedy.write_text("1\nProperties=species:S:1:pos:R:3:x:R:3000000000\nO 0 0 0 1\n", encoding="utf-8")
    plain.write_text("1\nProperties=species:S:1:pos:R:3\nO 0 0 0\n", encoding="utf-8")

    with Peer(memory=1 << 30) as peer:
        outcomes = [peer.outcome(greedy), peer.outcome(plain)]

    assert outcomes == [None, (1, False)]


# What mutations have found: damage that other readers take otherwise than one might think.
FOUND = {
    "a broken number behind fields that are no triples": (
        b"2\nProperties=species:S:1:pos:R:3:forces:R-3\nO 0 0 0 0.1 0.2\nH 0 0.0.97 .2 -0.3\n"
    ),
    "no atoms, and no column that places them": (
        b"1\nProperties=species:S:1:pos:R:3\nO 0 0 0\n0\nProperties=sps:R:3\n1\nProperties=species:S:1:pos:R:3\nH 0 0 0\n"
    ),
    "an atom, and no column that places it": b"1\nProperties=sps:R:3\n0 0 0\n",
}


@pytest.mark.parametrize("engine", ["plain", "numpy", "compiled"])
@pytest.mark.parametrize("name", FOUND)
def test_what_mutations_found_stays_mended(name: str, engine: str, tmp_path: Path) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
    path = tmp_path / "found.xyz"
    path.write_bytes(FOUND[name])

    verdict = scan_file(str(path), values=True, engine=engine).files[str(path)].verdict

    assert (verdict.frames, bool(verdict.error)) == ase_outcome(path)


def ase_outcome(path: Path) -> tuple[int, bool]:
    """Frames that ASE hands on, and whether it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return len(ase.io.read(path, index=":")), False
        except Exception:
            return 0, True
