"""The memory of a scan does not grow with the file; measured in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.dataset_generators import large_frames, small_frames, write_like_ase

LIMIT = 150  # MB
_SCAN = """
import resource, sys
from mace_scf.dataset import scan_file
scan_file(sys.argv[1], values=True, engine=sys.argv[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_of(path: Path, engine: str) -> float:
    """Largest resident memory of a scan of all values, in MB, Python and libraries included."""
    done = subprocess.run(
        [sys.executable, "-c", _SCAN, str(path), engine], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


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


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_gigabyte_needs_no_more(engine: str, tmp_path: Path) -> None:
    warm(engine)
    path = tmp_path / "large.xyz"
    write_like_ase(path, large_frames(), megabytes=1000)

    assert peak_of(path, engine) < LIMIT
    path.unlink()
