"""The memory of a scan does not grow with the file; measured in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.dataset_generators import large_frames, small_frames, write_like_ase

LIMIT = 150  # MB
# `getrusage` would count what the process that starts this one needs, too.
_STATUS = Path("/proc/self/status")
_SCAN = """
import sys
from mace_scf.dataset import scan_file
scan_file(sys.argv[1], values=True, engine=sys.argv[2])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
pytestmark = pytest.mark.skipif(not _STATUS.exists(), reason="peaks are read from /proc")


def peak_of(path: Path, engine: str) -> float:
    """Largest resident memory of a scan of all values, in MB, Python and libraries included."""
    done = subprocess.run(
        [sys.executable, "-c", _SCAN, str(path), engine], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1024


def warm(engine: str) -> None:
    """Kernels are compiled beforehand, by another process anyway."""
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra [fast] is not installed")
        from mace_scf.dataset.kernels.load import kernels

        kernels()


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_scan_needs_little_memory(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "large.xyz"
    write_like_ase(path, small_frames(), megabytes=40, multipoles=False)

    assert peak_of(path, engine) < LIMIT


@pytest.mark.parametrize("engine", ["plain", "numpy", "compiled"])
def test_columns_that_are_only_declared_cost_nothing(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "wide.xyz"
    frame = "2\nProperties=species:S:1:pos:R:3:wide:R:{}\nO 0.0 0.0 0.0 1.0\nH 0.0 0.0 1.0 2.0\n"
    path.write_text("".join(map(frame.format, (99999, 300, 129, 1))))

    assert peak_of(path, engine) < LIMIT


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_long_lists_of_numbers_in_comment_lines_are_not_gathered(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "lists.xyz"
    numbers = " ".join(f"{number % 10}.5" for number in range(4000))
    frame = f'1\nProperties=species:S:1:pos:R:3 charges="{numbers}" n={{}}\nO 0.0 0.0 0.0\n'
    path.write_text("".join(map(frame.format, range(3500))))

    assert peak_of(path, engine) < LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_gigabyte_needs_no_more(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "large.xyz"
    write_like_ase(path, large_frames(), megabytes=1000)

    assert peak_of(path, engine) < LIMIT
    path.unlink()


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_short_numbers_in_comment_lines_are_not_gathered(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "digits.xyz"
    numbers = " ".join(str(number % 10) for number in range(8000))
    frame = f'1\nProperties=species:S:1:pos:R:3 shells="{numbers}" n={{}}\nO 0.0 0.0 0.0\n'
    path.write_text("".join(map(frame.format, range(2000))))

    assert peak_of(path, engine) < LIMIT


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_the_smallest_frames_are_taken_a_few_at_a_time(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "tiny.xyz"
    path.write_text("1\nProperties=species:S:1:pos:R:3 e=1.5\nH 0 0 0\n" * 500_000)

    assert peak_of(path, engine) < LIMIT


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_many_different_keys_are_not_gathered(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "keys.xyz"
    frame = "1\nProperties=species:S:1:pos:R:3 REF_energy=1.5 key_{}=1\nO 0.0 0.0 0.0\n"
    path.write_text("".join(map(frame.format, range(100_000))))

    assert peak_of(path, engine) < LIMIT


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_long_texts_are_not_gathered(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "notes.xyz"
    frame = '1\nProperties=species:S:1:pos:R:3 note="{} ' + "lorem ipsum " * 2000 + '"\nO 0.0 0.0 0.0\n'
    path.write_text("".join(map(frame.format, range(3000))))

    assert peak_of(path, engine) < LIMIT
