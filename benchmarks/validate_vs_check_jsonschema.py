"""What `mace-scf validate` costs beside `check-jsonschema` on the same file and schema.

Both run as whole processes out of one environment that holds the *installed wheel* (an editable or
source install is recompiled or redirected and measures something else)::

    python -m pip wheel . --no-deps --wheel-dir dist
    python -m venv /tmp/bench
    /tmp/bench/bin/python -m pip install dist/mace_scf-*.whl check-jsonschema
    python benchmarks/validate_vs_check_jsonschema.py --bin /tmp/bench/bin

The two take turns (A B A B …), so a busy machine slows both. CPU time is user plus system time of
the child, from `wait4`; trust the ratios. Peak memory cannot read lower than this script's own size
(about 15 MiB), because a child inherits its parent's mark.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

REPOSITORY = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "numpy", "scipy", "ase", "matplotlib")


@attrs.frozen
class Cost:
    """One whole process: seconds of CPU and wall clock, peak MiB, exit status."""

    cpu: float
    wall: float
    peak: float
    status: int


@attrs.frozen
class Setup:
    """What is compared, where."""

    bin: Path
    schema: Path
    config: Path
    pairs: int

    def validate(self, files: Sequence[Path], *options: str) -> list[str]:
        """Our command line."""
        return [str(self.bin / "mace-scf"), "validate", "--no-data", *options, *map(str, files)]

    def check(self, files: Sequence[Path]) -> list[str]:
        """The other tool's."""
        return [str(self.bin / "check-jsonschema"), "--schemafile", str(self.schema), *map(str, files)]


def main() -> None:
    """Measure and print one table after another."""
    setup = _arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _single(setup, folder)
        _many(setup, folder)
        _large(setup, folder)
        _modules(setup, folder)


def run(command: Sequence[str]) -> Cost:
    """Run one process to its end, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, process.returncode)


def take_turns(commands: Sequence[Sequence[str]], rounds: int) -> list[list[Cost]]:
    """Costs of each command, run in turn; one round ahead warms the file cache and is dropped."""
    for command in commands:
        run(command)
    costs: list[list[Cost]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, seen in zip(commands, costs, strict=True):
            seen.append(run(command))
    return costs


def _single(setup: Setup, folder: Path) -> None:
    alone = _copy(setup.config, folder / "alone")
    commands = [[str(setup.bin / "python"), "-c", "pass"], setup.validate([alone]), setup.check([alone])]
    costs = take_turns(commands, setup.pairs)
    lines = len(alone.read_text(encoding="utf-8").splitlines())
    print(f"\none clean config, {lines} lines, {setup.pairs} pairs (CPU ms: median, least, most)")
    for name, seen in zip(("python -c pass", "mace-scf validate", "check-jsonschema"), costs, strict=True):
        _print_costs(name, seen)
    ratios = [ours.cpu / theirs.cpu for ours, theirs in zip(costs[1], costs[2], strict=True)]
    middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
    print(f"  ratio of each pair: median {middle:.2f}, {least:.2f} to {most:.2f}")


def _many(setup: Setup, folder: Path) -> None:
    files = [_copy(setup.config, folder / f"many-{number}") for number in range(101)]
    print("\neach further config (101 files against 1, CPU)")
    for name, command in (("mace-scf validate", setup.validate), ("check-jsonschema", setup.check)):
        costs = take_turns([command(files[:1]), command(files)], max(3, setup.pairs // 5))
        one, all_of_them = (_median(seen, lambda cost: cost.cpu) for seen in costs)
        print(f"  {name:24} {10 * (all_of_them - one):8.2f} ms a file")


def _large(setup: Setup, folder: Path) -> None:
    print("\n20,000 lines")
    unknown, mistyped = (
        "".join(f"{word}_{number}: 1\n" for number in range(20_000))
        for word in ("unknown_option", "energy_wieght")
    )
    for kind, text in {
        "valid": many_stages(20_000),
        "all keys unknown": unknown,
        "all keys mistyped": mistyped,
        "a config and unknown keys": many_stages(40) + unknown,
    }.items():
        path = folder / f"{kind.replace(' ', '-')}.yaml"
        path.write_text(text, encoding="utf-8")
        for name, command in (
            ("validate", setup.validate([path])),
            ("validate, json", setup.validate([path], "--format", "json")),
            ("check-jsonschema", setup.check([path])),
        ):
            _print_costs(f"{kind}: {name}", [run(command) for _ in range(3)])


def _modules(setup: Setup, folder: Path) -> None:
    alone = _copy(setup.config, folder / "modules")
    program = (
        "import json, sys\n"
        "from mace_scf.cli.main import main\n"
        f"status = main(['validate', '--no-data', {str(alone)!r}])\n"
        "json.dump(sorted(sys.modules), sys.stderr)\n"
    )
    command = [str(setup.bin / "python"), "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stderr)
    packages = sorted({name.partition(".")[0] for name in modules} - sys.stdlib_module_names)
    ours = sum(name.startswith("mace_scf") for name in modules)
    print(f"\nmodules loaded: {len(modules)}, of these ours {ours}")
    print(f"  packages: {' '.join(packages)}")
    print(f"  heavy ones: {' '.join(sorted(set(packages) & set(HEAVY))) or 'none'}")


def many_stages(lines: int) -> str:
    """A valid config of about that many lines: one stage after another, eight lines each."""
    head = (
        "name: long\nmodel: LocalSplitCharges\nerror_table: PerAtomRMSE\ntrain_file: train.xyz\n"
        "valid_fraction: 0.1\nE0s: average\nnum_channels: 64\nmax_L: 1\nr_max: 5.0\n"
        'atomic_formal_charges: "{1: 1.0, 8: -2.0}"\n'
        "heads:\n  default:\n    info_keys:\n      energy: REF_energy\n      dipole: REF_dipole\n"
        "      total_charge: REF_total_charge\n    arrays_keys:\n      forces: REF_forces\n"
        "      atomic_multipoles: REF_multipoles\n"
        "train_schedule:\n"
    )
    stages = (lines - head.count("\n")) // 8
    return head + "".join(
        f"  {n}:\n    name: stage{n}\n    start: {2 * n}\n    end: {2 * n + 1}\n    lr: 0.01\n"
        "    loss:\n      energy_per_atom: 1.0\n      forces: 100.0\n"
        for n in range(stages)
    )


def _print_costs(name: str, seen: Sequence[Cost]) -> None:
    cpu = [1000 * cost.cpu for cost in seen]
    wall = _median(seen, lambda cost: cost.wall)
    peak = max(cost.peak for cost in seen)
    print(
        f"  {name:36} {statistics.median(cpu):8.1f} [{min(cpu):.1f} to {max(cpu):.1f}] ms CPU, "
        f"{wall:6.3f} s wall, {peak:6.1f} MiB, exit {seen[-1].status}"
    )


def _median(seen: Sequence[Cost], of: Callable[[Cost], float]) -> float:
    return statistics.median(map(of, seen))


def _copy(config: Path, folder: Path) -> Path:
    """A config alone in its folder, so that no launcher beside it is read."""
    folder.mkdir()
    return Path(shutil.copy(config, folder / "config.yaml"))


def _arguments() -> Setup:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--bin", type=Path, default=Path(sys.executable).parent, help="bin folder of the environment"
    )
    parser.add_argument("--schema", type=Path, default=REPOSITORY / "schemas" / "mace-scf.schema.json")
    parser.add_argument(
        "--config", type=Path, default=REPOSITORY / "examples" / "local_split_charges" / "config.yaml"
    )
    parser.add_argument("--pairs", type=int, default=15, help="rounds of the paired measurement")
    chosen = parser.parse_args()
    return Setup(bin=chosen.bin, schema=chosen.schema, config=chosen.config, pairs=chosen.pairs)


if __name__ == "__main__":
    main()
