"""Random damage to data files, byte by byte and line by line, and what the scanner makes of it.

Run ``python -m benchmarks.dataset_mutations [--count 50000] [--seed 1]``: every file goes through all
engines, which must agree, and what is said of ASE's reader is held against ASE. It prints how many files
raised (for lack of memory too), took longer than ten seconds, were told apart by the engines or were foretold wrongly.
ASE runs in a process of its own, because a count like ``R:3000000000`` makes it take all the memory that there is:
where it goes beyond its share of memory or time, there is no verdict of it to compare with, and that is counted.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import multiprocessing
import os
import random
import resource
import signal
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from mace_scf.dataset import scan_file

SEEDS = Path(__file__).parents[1] / "tests" / "dataset" / "malformed"
_PATIENCE = 10  # seconds for one file
_MEMORY = 3 << 30  # bytes of addresses for all
_PEER_MEMORY = 2 << 30  # bytes of addresses for ASE
_NO_VERDICT = "no verdict of ASE"

_BYTES = b"\n\r \t\"'={}[]\\,:0123456789.-+eEDTFabHO#\x00\xff\xc3"


def mutated(data: bytes, source: random.Random) -> bytes:
    """The same file with one to four pieces of damage."""
    for _ in range(source.randint(1, 4)):
        data = source.choice(_MUTATIONS)(data, source)
    return data


def _replace(data: bytes, source: random.Random) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + bytes([source.choice(_BYTES)]) + data[at + 1 :]


def _insert(data: bytes, source: random.Random) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + bytes(source.choices(_BYTES, k=source.randint(1, 5))) + data[at:]


def _cut_out(data: bytes, source: random.Random) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + data[at + source.randint(1, 30) :]


def _truncate(data: bytes, source: random.Random) -> bytes:
    return data[: source.randrange(len(data) + 1)]


def _change_line(data: bytes, source: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = source.randrange(len(lines))
    lines[at : at + 1] = source.choice(([], [b""], [lines[at]] * 2, [lines[at], b"3"], [b"1" + lines[at]]))
    return b"\n".join(lines)


_MUTATIONS = (_replace, _insert, _cut_out, _truncate, _change_line)


def main() -> None:
    """Mutate, scan, compare, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="files to pass over")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    seeds = [path.read_bytes() for path in sorted(SEEDS.glob("*.xyz"))]
    source, counts = random.Random(arguments.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, Peer() as peer:
        for number in range(arguments.count):
            data = mutated(source.choice(seeds), source)
            for fault in (
                () if number < arguments.first else faults_of(data, Path(folder) / "mutated.xyz", peer)
            ):
                counts[fault] += 1
                print(f"file {number}: {fault}: {data!r}", flush=True)
    unknown = counts.pop(_NO_VERDICT, 0)
    done = arguments.count - arguments.first
    print(f"{done} files, {sum(counts.values())} faults {dict(counts)}; {unknown} without a verdict of ASE")
    print(f"largest resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def faults_of(data: bytes, path: Path, peer: Peer) -> Iterator[str]:
    """What the scanner does wrong with these bytes: nothing, if all is well."""
    path.write_bytes(data)
    try:
        with _limit(_PATIENCE):
            profiles = [scan_file(str(path), values=True, engine=engine) for engine in engines()]
    except TimeoutError:
        yield "hangs"
        return
    except Exception as error:
        yield f"raises {type(error).__name__}"
        return
    if any(profile != profiles[0] for profile in profiles):
        yield "engines disagree"
    verdict, outcome = profiles[0].files[str(path)].verdict, peer.outcome(path)
    if outcome is None:
        yield _NO_VERDICT
    elif (verdict.frames, bool(verdict.error)) != outcome:
        yield "ASE does otherwise"


def engines() -> tuple[str, ...]:
    """Those that can run here."""
    return ("plain", "numpy", "compiled") if importlib.util.find_spec("numba") else ("plain", "numpy")


class Peer:
    """ASE in a process of its own, begun anew whenever a file was too much for it."""

    def __init__(self, memory: int = _PEER_MEMORY) -> None:
        self._memory = memory
        self._pool = self._begun()

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def outcome(self, path: Path) -> tuple[int, bool] | None:
        """Frames that ASE hands on and whether it raises; None if it takes more memory or time than it may."""
        try:
            answer: Future[tuple[int, bool] | None] = self._pool.submit(_ase_outcome, path)
            return answer.result()
        except BrokenProcessPool:
            self._pool = self._begun()
            return None

    def _begun(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=_keep_below, initargs=(self._memory,)
        )


def _keep_below(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _ase_outcome(path: Path) -> tuple[int, bool] | None:
    import ase.io

    # ASE prints what it does not like.
    with warnings.catch_warnings(), open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink):
        warnings.simplefilter("ignore")
        try:
            with _limit(_PATIENCE):
                return len(ase.io.read(path, index=":")), False
        except (MemoryError, TimeoutError):
            return None
        except Exception:
            return 0, True


@contextlib.contextmanager
def _limit(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main()
