"""Speed of the scanner beside ASE's reader and the C `extxyz` package, on files made for the purpose.

Run ``python -m benchmarks.dataset_scan [--megabytes 100] [--extxyz-python PATH]``. All rates are processor
time of one core, the best of some rounds taken in turn, so that a busy machine hurts all alike; compare the
ratios. ``--extxyz-python`` names an interpreter that has the C package, which needs not be this one.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import attrs

from benchmarks.dataset_generators import large_frames, small_frames, write_compact, write_like_ase
from mace_scf.dataset import scan_file

ROUNDS = 5
SLOW_MEGABYTES = 4  # for the readers that build every frame
_EXTXYZ = """
import sys, time, extxyz
start = time.process_time()
count = sum(1 for _ in extxyz.iread_dicts(sys.argv[1], use_cleri=sys.argv[2] == "default"))
print(time.process_time() - start)
"""


@attrs.frozen
class Contender:
    """One reader: its name, and a function from a file to seconds of processor time."""

    name: str
    seconds: Callable[[Path], float]
    slow: bool = False


def main() -> None:
    """Write the files, race, print one table per file, and delete the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=100.0)
    parser.add_argument("--extxyz-python", default="")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        for name, path, short in _files(Path(folder), arguments.megabytes):
            print(f"\n{name}: {path.stat().st_size / 1e6:.0f} MB")
            _race(path, short, _contenders(arguments.extxyz_python))
            path.unlink()
    print(f"\nlargest resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _files(folder: Path, megabytes: float) -> list[tuple[str, Path, Path]]:
    """(what it is, the file, a short file of the same sort for slow readers)."""
    made: list[tuple[str, Path, Path]] = []
    write: Callable[[Path, float], int]
    for name, write in (
        (
            "large frames as ASE writes them",
            lambda path, size: write_like_ase(path, large_frames(), megabytes=size),
        ),
        (
            "small frames",
            lambda path, size: write_like_ase(path, small_frames(), megabytes=size, multipoles=False),
        ),
        ("compact, variable width", lambda path, size: write_compact(path, large_frames(), megabytes=size)),
    ):
        path, short = folder / f"{len(made)}.xyz", folder / f"{len(made)}-short.xyz"
        write(path, megabytes)
        write(short, min(megabytes, SLOW_MEGABYTES))
        made.append((name, path, short))
    return made


def _contenders(extxyz_python: str) -> list[Contender]:
    scans = [
        Contender(f"{engine}, {'values' if values else 'headers'}", _scan(engine, values=values))
        for engine in ("numpy", "compiled")
        for values in (False, True)
    ]
    others = [Contender("ase.io.iread", _ase, slow=True)]
    if extxyz_python:
        others.append(
            Contender(
                "C extxyz, fastest way", lambda path: _extxyz(extxyz_python, path, "fastest"), slow=True
            )
        )
        others.append(
            Contender(
                "C extxyz, as it comes", lambda path: _extxyz(extxyz_python, path, "default"), slow=True
            )
        )
    return [*others, *scans]


def _race(path: Path, short: Path, contenders: list[Contender]) -> None:
    best = {contender.name: float("inf") for contender in contenders}
    for contender in contenders:
        contender.seconds(short)  # compiles, loads and warms
    for _ in range(ROUNDS):
        for contender in contenders:
            file = short if contender.slow else path
            cost = contender.seconds(file) / file.stat().st_size
            best[contender.name] = min(best[contender.name], cost)
    slowest = best["ase.io.iread"]
    for name, cost in best.items():
        print(f"  {name:<24} {1e-6 / cost:8.0f} MB/s {slowest / cost:7.1f} × ase")


def _scan(engine: str, *, values: bool) -> Callable[[Path], float]:
    def seconds(path: Path) -> float:
        start = time.process_time()
        scan_file(str(path), values=values, engine=engine)
        return time.process_time() - start

    return seconds


def _ase(path: Path) -> float:
    import ase.io

    start = time.process_time()
    for _ in ase.io.iread(path, index=":"):
        continue
    return time.process_time() - start


def _extxyz(python: str, path: Path, way: str) -> float:
    done = subprocess.run([python, "-c", _EXTXYZ, str(path), way], check=True, capture_output=True, text=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
