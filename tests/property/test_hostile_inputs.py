"""Whatever a file holds: a diagnostic or exit status 2, soon, and nothing else happens."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import pytest

import mace_scf
from mace_scf.cli.main import main
from mace_scf.errors import UnreadableInputError
from mace_scf.logs import read_log
from tests.property.hostile import MAKERS, MOST_BYTES, HostileInput, hostile_inputs
from tests.property.hostile_files import READERS
from tests.property.hostile_pieces import CONFIG, LAUNCHER, SENTINEL
from tests.property.watch import deeds

SECONDS = 1.0
HANGS = 30
FORMATS = ("json", "json", "text", "github")
MAY_BE_FINE = {
    "mutated config",
    "encoded",
    "line ends",
    "documents",
    "loops",
    "aliases",
    "shell",
    "shell deep",
    *READERS,
}
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
Report = Mapping[str, Any]


class StillBusy(BaseException):
    """A run that seems to hang; no handler of errors may swallow it."""


@attrs.frozen
class Outcome:
    """What one run of the command did."""

    status: int
    seconds: float
    output: str
    deeds: tuple[str, ...]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextlib.contextmanager
def no_hanging() -> Iterator[None]:
    """An error after half a minute instead of a test that never ends."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise StillBusy(f"after {HANGS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANGS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run(arguments: Sequence[str]) -> Outcome:
    """The command in this process."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with (
        no_hanging(),
        deeds() as done,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        start = time.process_time()
        try:
            status = main(list(arguments))
        except SystemExit as stop:
            status = int(stop.code or 0)
        seconds = time.process_time() - start
    output.seek(0)
    return Outcome(status, seconds, output.read(), tuple(done))


def read_records(path: str) -> Outcome:
    """Every record of a log."""
    with no_hanging(), deeds() as done:
        start = time.process_time()
        count = sum(1 for _ in read_log(path))
        seconds = time.process_time() - start
    return Outcome(0, seconds, f"{count} records", tuple(done))


def receive(hostile: HostileInput, form: str) -> Outcome:
    """What becomes of an input."""
    if not hostile.arguments:
        return read_records(hostile.name)
    return run(["validate", "--format", form, *hostile.arguments])


def put(hostile: HostileInput, folder: Path, number: int) -> dict[str, bytes]:
    """Write an input and the honest neighbours that lead to it, or stand beside it now and then."""
    files = {hostile.name: hostile.data}
    if hostile.name != "config.yaml":
        files["config.yaml"] = CONFIG.encode()
    elif number % 2:
        files["train.sh"] = LAUNCHER.encode()
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return files


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def complaints(hostile: HostileInput, folder: Path, number: int) -> Iterator[str]:
    """Everything that is wrong with the way one input was received."""
    files = put(hostile, folder, number)
    form = FORMATS[number // len(MAKERS) % len(FORMATS)]
    outcome = receive(hostile, form)
    if outcome.seconds > SECONDS:  # once more, in case the machine was busy
        again = min(receive(hostile, form).seconds for _ in range(2))
        outcome = attrs.evolve(outcome, seconds=min(outcome.seconds, again))
    if outcome.status not in (0, 1, 2):
        yield f"status {outcome.status}: {outcome.output[-600:]}"
    if "Traceback" in outcome.output:
        yield f"traceback: {outcome.output[-600:]}"
    if outcome.seconds > SECONDS:
        yield f"{outcome.seconds:.2f} s for {len(hostile.data)} bytes"
    if outcome.deeds:
        yield f"did {outcome.deeds[:3]}"
    if contents(folder) != files:
        yield f"changed files: {sorted(contents(folder))}"
    if form == "json" and outcome.output.startswith("{"):
        yield from report_complaints(json.loads(outcome.output), hostile, files)


def report_complaints(report: Report, hostile: HostileInput, files: Mapping[str, bytes]) -> Iterator[str]:
    if not report["findings"] and not report["not_seen"] and hostile.kind not in MAY_BE_FINE:
        yield "not a word about it"
    lines = {name: lines_of(data) for name, data in files.items()}
    for finding in report["findings"]:
        for place in [finding, *finding["labels"]]:
            if place["file"] in files and not lies_inside(place, lines[place["file"]]):
                yield f"place outside the text: {finding['code']} {place}"


def lines_of(data: bytes) -> list[str]:
    """Lines as a YAML reader counts them."""
    return LINE_END.split(data.decode("utf-8", "replace").removeprefix("\ufeff"))


def lies_inside(place: Mapping[str, int], lines: Sequence[str]) -> bool:
    """Whether a 1-based half-open place is in the text, its end not before its start."""
    start, end = (place["line"], place["column"]), (place["end_line"], place["end_column"])
    within = [
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in (start, end)
    ]
    return all(within) and start <= end


def trouble(inputs: Iterator[HostileInput], folder: Path) -> list[str]:
    """Complaints about many inputs, each with the beginning of the input."""
    return [
        f"{hostile.kind} #{number}: {complaint}\n  {hostile.data[:200]!r}"
        for number, hostile in enumerate(inputs)
        for complaint in complaints(hostile, folder, number)
    ]


def test_some_hundred_hostile_inputs_are_received_calmly(folder: Path) -> None:
    assert trouble(hostile_inputs(480, seed=1), folder)[:5] == []


@pytest.mark.slow
def test_thousands_of_hostile_inputs_are_received_calmly(folder: Path, hostile_count: int) -> None:
    assert trouble(hostile_inputs(hostile_count, seed=2), folder)[:20] == []


@pytest.mark.parametrize("number", range(8))
def test_noise_on_standard_input_is_received_calmly(
    number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = next(itertools.islice(hostile_inputs(number + 1, seed=3), number, None))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(hostile.data), encoding="utf-8"))

    outcome = run(["validate", "-"])

    assert outcome.status in (0, 1, 2)
    assert outcome.deeds == ()


@pytest.mark.parametrize(
    "given", [".", "no-such-file.yaml", "/dev/null", "a\x00b", "", "x" * 5000, "\udcff.yaml"]
)
def test_odd_paths_are_received_calmly(given: str, folder: Path) -> None:
    outcome = run(["validate", given])

    assert outcome.status in (0, 1, 2)
    assert outcome.deeds == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    ("given", "endless"),
    [
        ("/dev/zero", "/dev/zero"),
        ("--launcher /dev/zero config.yaml", "/dev/zero"),
        ("train.sh", "/dev/zero"),
        ("train.sh", "pipe"),
        ("label.yaml", "/dev/zero"),
        ("label.yaml", "pipe"),
    ],
)
def test_a_file_that_never_ends_is_refused(given: str, endless: str, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "label.yaml").write_text(CONFIG.replace("train.xyz", endless))
    (folder / "train.sh").write_text(f"python run_train.py --config {endless}\n")
    command = f"ulimit -v 2000000; exec {sys.executable} -m mace_scf validate {given}"

    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=HANGS)

    assert done.returncode in (1, 2)
    assert "internal error" not in done.stderr


def circle() -> dict[Any, Any]:
    """A mapping that holds itself."""
    mapping: dict[Any, Any] = {"name": "water"}
    mapping["heads"] = mapping
    return mapping


def deep() -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for _ in range(5000):
        mapping = {"heads": mapping}
    return mapping


@pytest.mark.parametrize(
    "make",
    [
        circle,
        deep,
        lambda: {1: 2, None: 3, (1, 2): 4, b"x": 5},
        lambda: {"name": object(), "heads": {1, 2}, "train_schedule": b"bytes"},
        lambda: {"r_max": float("nan"), "batch_size": 10**400, "E0s": "\ud800"},
        lambda: {"train_schedule": {0: {"loss": {"forces": [1.0]}, "start": True}, "0": {}}},
        dict,
    ],
)
def test_odd_mappings_are_received_calmly(make: Callable[[], dict[Any, Any]]) -> None:
    with no_hanging():
        try:
            findings = json.dumps(mace_scf.validate(make()).to_dict())
        except UnreadableInputError as refusal:  # an object that YAML cannot write
            findings = str(refusal)

    assert findings


def test_inputs_are_the_same_for_the_same_seed_and_small() -> None:
    first, again = (list(hostile_inputs(64, seed=5)) for _ in range(2))

    assert first == again
    assert max(len(hostile.data) for hostile in first) <= MOST_BYTES


def test_the_watch_sees_programs_and_written_files(folder: Path) -> None:
    with deeds() as done:
        subprocess.run(["true"], check=True)
        (folder / SENTINEL).write_text("x")

    assert any("subprocess.Popen" in deed for deed in done)
    assert any(SENTINEL in deed for deed in done)


def test_hundreds_of_values_of_the_wrong_type_are_told_soon(folder: Path) -> None:
    stages = "".join(f"  {number}: {{loss: [forces]}}\n" for number in range(580))
    (folder / "config.yaml").write_text(f"train_schedule:\n{stages}", encoding="utf-8")

    outcome = run(["validate", "--format", "json", "config.yaml"])
    again = run(["validate", "--format", "json", "config.yaml"])  # nothing is loaded any more

    assert outcome.status == 1
    assert min(outcome.seconds, again.seconds) < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "r_max: " + "9" * 60_000 + "x\n",
        "r_max: " + "1_" * 30_000 + "\n",
        "".join(f"energy_wieght_{number}: 1\n" for number in range(3_000)),
        "".join(f"key{number}: &a{number} [x]\n" for number in range(1_500))
        + f"E0s: [{', '.join(f'*a{number}' for number in range(1_500))}]\n",
    ],
    ids=["digits", "underscores", "unknown keys", "unknown keys with anchors"],
)
def test_what_is_repeated_thousands_of_times_is_told_soon(text: str, folder: Path) -> None:
    assert len(text) <= MOST_BYTES
    (folder / "config.yaml").write_text(text, encoding="utf-8")

    outcomes = [run(["validate", "--format", "json", "config.yaml"]) for _ in range(2)]

    assert outcomes[0].status == 1
    assert min(outcome.seconds for outcome in outcomes) < SECONDS
