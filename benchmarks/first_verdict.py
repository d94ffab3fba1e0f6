"""How long the first word on a run with large files takes, and the next ones.

Run ``python -m benchmarks.first_verdict [--gigabytes 1] [--unchanged-gigabytes 10]``. Every check is a process of
its own, as a user starts it, byte code at hand; processor time (of all its threads) stands beside the time on the
clock, because a busy machine spoils the latter. "Without [fast]" hides numba and xxhash.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import attrs

from benchmarks.dataset_generators import large_frames, write_frames, write_like_ase

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDS = 3
_CONFIG = """\
name: large
model: MACE
train_file: {train}
valid_file: {valid}
batch_size: 5
error_table: PerAtomRMSE
E0s: {{1: -13.6, 6: -1029.2, 7: -1485.3, 8: -2042.1, 16: -10831.1}}
num_channels: 32
max_L: 1
allow_low_density_pbc: true
heads:
  Default:
    info_keys: {{energy: REF_energy, total_charge: total_charge}}
    arrays_keys: {{forces: REF_forces}}
train_schedule:
  0: {{name: first, start: 0, end: 9, loss: {{energy_per_atom: 1.0, forces: 10.0}}}}
"""
_WITHOUT_FAST = (
    "import sys; sys.modules['xxhash'] = None; import mace_scf.dataset.engines as engines;"
    "engines.WORTH_LOADING = 1 << 60; from mace_scf.cli.main import entry; sys.argv[0] = 'mace-scf'; entry()"
)


@attrs.frozen
class Cost:
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:7.2f} s on the clock {self.processor:7.2f} s of the processor"


def main() -> None:
    """Write the files, measure, and delete them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--unchanged-gigabytes", type=float, default=0.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as byte_code:
        _write_byte_code(byte_code)
        for label, cost in _all(arguments.gigabytes, arguments.unchanged_gigabytes):
            print(f"{label:<44} {cost}", flush=True)


def _write_byte_code(folder: str) -> None:
    """Whoever has used the program before does not wait for Python's compiler."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = folder
    _cost(["-m", "mace_scf"], next(EXAMPLES.glob("*/config.yaml")), None)


def _all(gigabytes: float, unchanged: float) -> Iterator[tuple[str, Cost]]:
    with tempfile.TemporaryDirectory() as name:
        yield from _large(Path(name), write_run(Path(name), gigabytes))
    if unchanged:
        with tempfile.TemporaryDirectory() as name:
            yield from _unchanged(Path(name), unchanged)
    yield from _examples()


def write_run(folder: Path, gigabytes: float, *, distinct: bool = False) -> Path:
    """A config with a training file of that size, and a tenth of it for validation."""
    train, valid, config = folder / "train.xyz", folder / "valid.xyz", folder / "run.yaml"
    write_like_ase(train, large_frames(1), megabytes=1000 * gigabytes, distinct=distinct)
    write_like_ase(valid, large_frames(2), megabytes=100 * gigabytes)
    config.write_text(_CONFIG.format(train=train, valid=valid))
    return config


def _large(folder: Path, config: Path) -> Iterator[tuple[str, Cost]]:
    for label, start in (("with [fast]", ["-m", "mace_scf"]), ("without [fast]", ["-c", _WITHOUT_FAST])):
        store = folder / label
        if label == "with [fast]":
            yield f"{label}, kernels not yet compiled", _cost(start, config, store)
            _wait_for_kernels(store)
        yield (
            f"first verdict, {label}",
            min(
                (_cost(start, config, store, forget=True) for _ in range(ROUNDS)),
                key=lambda cost: cost.processor,
            ),
        )
        yield f"again, nothing changed, {label}", _cost(start, config, store)
        _append(folder / "train.xyz")
        yield f"again, one frame appended, {label}", _cost(start, config, store)


def _unchanged(folder: Path, gigabytes: float) -> Iterator[tuple[str, Cost]]:
    """No two frames are the same, so that what is kept of them is as large as it gets."""
    config, store, start = write_run(folder, gigabytes, distinct=True), folder / "store", ["-m", "mace_scf"]
    yield f"{gigabytes:g} GB of train, read", _cost(start, config, store)
    again = [_cost(start, config, store) for _ in range(2 * ROUNDS)]
    yield f"{gigabytes:g} GB of train, unchanged", min(again, key=lambda cost: cost.processor)


def _examples() -> Iterator[tuple[str, Cost]]:
    for config in sorted(EXAMPLES.glob("*/config.yaml")):
        for label, more in (("", []), (", --no-data", ["--no-data"])):
            found = [_cost(["-m", "mace_scf"], config, None, more=more) for _ in range(2 * ROUNDS)]
            yield f"examples/{config.parent.name}{label}", min(found, key=lambda cost: cost.processor)


def _cost(
    start: list[str], config: Path, store: Path | None, *, more: list[str] | None = None, forget: bool = False
) -> Cost:
    environment = dict(os.environ)
    if store is not None:
        environment["XDG_CACHE_HOME"] = str(store)
        for kept in store.glob("mace-scf/profiles/*") if forget else ():
            kept.unlink()
    command = [sys.executable, *start, "validate", "--exit-zero", str(config), *(more or [])]
    before, clock = _processor(), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return Cost(time.perf_counter() - clock, _processor() - before)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_kernels(store: Path) -> None:
    for _ in range(1200):
        if any(store.glob("mace-scf/kernels/*.o")):
            return
        time.sleep(0.1)


def _append(path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name) / "one.xyz"
        write_frames(fresh, list(islice(large_frames(3), 1)))
        with path.open("a") as stream:
            stream.write(fresh.read_text())


if __name__ == "__main__":
    main()
