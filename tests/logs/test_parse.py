"""Whole logs: epochs, stages, restarts, cut files, JSON lines, hostile bytes, memory."""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.errors import UnreadableInputError
from mace_scf.logs import (
    BatchLoss,
    EpochMark,
    Record,
    RunStart,
    StageStart,
    Unread,
    follow,
    parse_lines,
    read_log,
)

from .writing import TERMS, batch_values, breakdown, epoch, header, prefix, run, stage

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)


def parsed(text: str | bytes) -> list[Record]:
    data = text.encode() if isinstance(text, str) else text
    return list(parse_lines(io.BytesIO(data)))


def read(path: Path, lines: Iterable[str]) -> list[Record]:
    path.write_text("".join(lines), encoding="utf-8")
    return list(read_log(path))


def batches(records: Iterable[Record]) -> list[BatchLoss]:
    return [record for record in records if isinstance(record, BatchLoss)]


def test_the_documented_line_is_read() -> None:
    text = (
        "DEBUG: loss breakdown: forces: 7.496695865065772e-06, dipole_per_atom: 9.02030930287152e-06, "
        "esps: 0.00014263704012035686, energy_per_atom: 0.0001251799228796405, "
        "total_charge_per_atom: 5.479098701744614e-08, \n"
    )

    (record,) = parsed(text)

    assert isinstance(record, BatchLoss)
    assert record.weighted == {
        "forces": 7.496695865065772e-06,
        "dipole_per_atom": 9.02030930287152e-06,
        "esps": 0.00014263704012035686,
        "energy_per_atom": 0.0001251799228796405,
        "total_charge_per_atom": 5.479098701744614e-08,
    }
    assert record.complete
    assert record.split is None


@given(st.lists(st.dictionaries(NAMES, NUMBERS, min_size=1, max_size=5), max_size=8))
def test_what_is_written_is_read_back(losses: list[dict[str, float]]) -> None:
    text = "".join(breakdown(values, number) for number, values in enumerate(losses))

    records = parsed(text)

    assert [repr(record.weighted) for record in batches(records)] == [repr(values) for values in losses]
    assert len(records) == len(losses)


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    found = parsed(b"DEBUG: loss breakdown: " + data + b'\n{"' + data + b"\nEpoch " + data)

    assert all(math.isfinite(record.line) for record in found)


def test_batches_belong_to_the_epoch_whose_evaluation_comes_next(tmp_path: Path) -> None:
    records = read(tmp_path / "a.log", run(range(4)))

    assert [record.epoch for record in batches(records)] == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert [record.batch for record in records if isinstance(record, EpochMark)] == [3, 6, 9, 12]
    assert [record.loss for record in records if isinstance(record, EpochMark)] == [0.5] * 4


def test_batches_after_the_last_evaluation_belong_to_the_next_epoch(tmp_path: Path) -> None:
    records = read(tmp_path / "a.log", [*run(range(2)), breakdown(batch_values(0))])

    assert batches(records)[-1].epoch == 2


def test_a_stream_tells_epochs_only_once_one_was_evaluated() -> None:
    records = parsed("".join(run(range(2))))

    assert [record.epoch for record in batches(records)] == [None] * 3 + [1] * 3


def test_an_appended_run_is_recognised_by_its_header(tmp_path: Path) -> None:
    records = read(tmp_path / "a.log", [*run(range(3)), breakdown(batch_values(9)), *run(range(3, 5))])

    starts = [record for record in records if isinstance(record, RunStart)]
    assert [(start.run, start.batch) for start in starts] == [(1, 10)]
    assert [record.run for record in batches(records)] == [0] * 10 + [1] * 6
    assert [record.epoch for record in batches(records)][8:] == [2, 3, 3, 3, 3, 4, 4, 4]


@pytest.mark.parametrize(
    "words",
    [
        "===========VERIFYING SETTINGS===========",  # first line of mace-torch 0.3.16
        "AtomicNumberTable: (1, 8)",
        "Total number of configurations: train=90, valid=10, tests=[]",
    ],
)
def test_every_header_of_a_trainer_begins_a_run(words: str, tmp_path: Path) -> None:
    first = [line for line in run(range(3)) if "Total" not in line]
    second = [line for line in run(range(2, 5)) if "Total" not in line]

    records = read(tmp_path / "a.log", [*first, prefix(0, "INFO") + words + "\n", *second])

    (start,) = [record for record in records if isinstance(record, RunStart)]
    assert (start.batch, start.reason) == (9, "a run writes its header")


def test_a_batch_cut_by_the_next_run_belongs_to_its_own_epoch(tmp_path: Path) -> None:
    cut = breakdown(batch_values(9))[:90]

    records = read(tmp_path / "a.log", [*run(range(3)), cut, *run(range(2, 4))])

    assert [(record.run, record.epoch) for record in batches(records)][8:11] == [(0, 2), (0, 3), (1, 2)]


def test_a_run_without_header_is_recognised_by_its_stage_and_epoch(tmp_path: Path) -> None:
    lines = [line for line in run(range(3)) if "Total" not in line]

    records = read(tmp_path / "a.log", [*lines, *lines])

    assert [record.run for record in batches(records)] == [0] * 9 + [1] * 9
    (start,) = [record for record in records if isinstance(record, RunStart)]
    assert start.reason == "epoch 0 after epoch 2"


def test_an_epoch_that_goes_back_is_a_restart(tmp_path: Path) -> None:
    lines = [breakdown(batch_values(0)), epoch(5), breakdown(batch_values(0)), epoch(4), epoch(4)]

    records = read(tmp_path / "a.log", lines)

    assert sum(isinstance(record, RunStart) for record in records) == 1


def test_heads_that_share_an_epoch_are_no_restart(tmp_path: Path) -> None:
    lines = [breakdown(batch_values(0)), epoch(5), breakdown(batch_values(0)), epoch(5)]

    records = read(tmp_path / "a.log", lines)

    assert not [record for record in records if isinstance(record, RunStart)]


def test_stages_are_counted_and_give_values_before_the_weight(tmp_path: Path) -> None:
    first, second = {"forces": 100.0, "esps": 0.0}, {"forces": 10.0, "esps": 1.0}
    lines = [stage(first), breakdown({"forces": 5.0, "esps": 0.0}), epoch(0)]
    lines += [stage(second), stage(second), breakdown({"forces": 5.0, "esps": 3.0}), epoch(1)]

    records = read(tmp_path / "a.log", lines)

    assert [record.stage for record in records if isinstance(record, StageStart)] == ["0", "1"]
    assert [record.stage for record in batches(records)] == ["0", "1"]
    assert [record.raw for record in batches(records)] == [{"forces": 0.05}, {"forces": 0.5, "esps": 3.0}]


def test_a_run_that_goes_on_keeps_the_number_of_its_stage(tmp_path: Path) -> None:
    first, second = {"forces": 100.0}, {"forces": 10.0}
    lines = [
        header(),
        stage(first),
        breakdown({"forces": 1.0}),
        epoch(0),
        stage(second),
        breakdown({"forces": 1.0}),
    ]

    records = read(
        tmp_path / "a.log", [*lines, header(), stage(second), breakdown({"forces": 1.0}), epoch(1)]
    )

    assert [record.stage for record in batches(records)] == ["0", "1", "1"]


def test_a_log_cut_at_any_byte_gives_no_wrong_value(tmp_path: Path) -> None:
    values = {"forces": 7.496695865065772e-06, "esps": math.nan, "energy_per_atom": 125.5}
    text = "".join(
        [header(), stage({"forces": 10.0}), breakdown(values), epoch(0), breakdown(values)]
    ).encode()
    path = tmp_path / "a.log"
    expected = repr(values)

    for size in range(len(text) + 1):
        path.write_bytes(text[:size])
        for record in batches(read_log(path)):
            assert repr(dict(record.weighted))[:-1] == expected[: len(repr(dict(record.weighted))) - 1]
            assert record.complete == (len(record.weighted) == 3 and size >= _end_of(text, record.line))


def _end_of(text: bytes, line: int) -> int:
    return sum(map(len, text.splitlines(keepends=True)[:line]))


def test_a_log_cut_inside_a_breakdown_says_so() -> None:
    text = breakdown({"forces": 7.5e-06, "esps": 1.0})
    begin, end = text.index("breakdown"), text.index("1.0") + 3

    for size in range(begin, end + 1):
        reasons = {record.reason for record in parsed(text[:size]) if isinstance(record, Unread)}
        complete = [record.complete for record in batches(parsed(text[:size]))]
        assert reasons or complete == [False], text[:size]
        assert True not in complete


@pytest.mark.parametrize("cut", range(24, 80))
def test_a_run_appended_to_a_cut_line_loses_no_batch_of_its_own(cut: int) -> None:
    line = breakdown({"forces": 7.496695865065772e-06, "esps": 1.25})

    records = parsed(line[:cut] + line)

    last = batches(records)[-1]
    assert last.weighted == {"forces": 7.496695865065772e-06, "esps": 1.25}
    assert last.complete
    assert all(not record.complete for record in batches(records)[:-1])
    if cut > 31:
        assert len(records) > 1


def test_lines_of_other_programs_are_passed_over() -> None:
    text = prefix(0) + 'loss breakdown is written below\nhello\n\n{\'a\': 1}\n{"mode": "opt", "loss": 1.0}\n'

    assert parsed(text) == []


def test_a_broken_value_is_told_and_the_rest_kept() -> None:
    records = parsed("DEBUG: loss breakdown: forces: 1.0, esps: oops, \n")

    assert [type(record) for record in records] == [BatchLoss, Unread]
    assert not batches(records)[0].complete
    assert records[1] == Unread(1, "not a number", "esps: oops,")


def test_json_lines_of_the_recorder_are_read() -> None:
    terms = {
        "forces": {"raw": 0.5, "weighted": 50.0, "share": "nan", "count": 30.0},
        "esps": {"raw": "nan", "weighted": "nan", "share": "nan", "count": 10.0},
    }
    line = json.dumps({"step": 7, "epoch": 1, "stage": "unroll", "split": "valid", "terms": terms})

    start, record = parsed(line + "\n")

    assert isinstance(start, StageStart)
    assert isinstance(record, BatchLoss)
    assert (record.step, record.epoch, record.stage, record.split) == (7, 1, "unroll", "valid")
    assert repr(record.weighted) == "{'forces': 50.0, 'esps': nan}"
    assert record.count == {"forces": 30, "esps": 10}


def _json_line(step: int, epoch_: int, split: str = "train") -> str:
    return (
        json.dumps({"step": step, "epoch": epoch_, "split": split, "terms": {"forces": {"weighted": 1.0}}})
        + "\n"
    )


def test_json_steps_that_go_back_are_a_restart() -> None:
    records = parsed(_json_line(0, 0) + _json_line(1, 0) + _json_line(1, 0, "valid") + _json_line(0, 0))

    assert [record.run for record in batches(records)] == [0, 0, 0, 1]


def test_json_epochs_are_marked_where_the_next_begins() -> None:
    records = parsed(_json_line(0, 0) + _json_line(1, 0) + _json_line(2, 1))

    assert [(record.epoch, record.batch) for record in records if isinstance(record, EpochMark)] == [(0, 2)]


def test_cut_json_is_told() -> None:
    line = _json_line(3, 0)

    for size in range(2, len(line) - 1):
        (found,) = parsed(line[:size])
        assert found == Unread(1, "cut or broken JSON", line[:size][:80])


@pytest.mark.parametrize("value", ["true", "[1]", '"x"', "1" + "0" * 400])
def test_json_values_that_are_no_numbers_are_told(value: str) -> None:
    (found,) = parsed(f'{{"terms": {{"forces": {{"weighted": {value}}}}}}}\n')

    assert isinstance(found, Unread)
    assert found.reason == "not a record of a loss"


@pytest.mark.parametrize("terms", ["[]", "{}", '{"forces": 1.0}', '{"forces": {"raw": 1.0}}'])
def test_json_without_values_gives_no_batch(terms: str) -> None:
    records = parsed(f'{{"step": 1, "terms": {terms}}}\n')

    assert [record for record in batches(records) if record.weighted] == []


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="No such file"):
        list(read_log(tmp_path / "none.log"))


def test_a_growing_log_is_followed_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    rest = [breakdown({"forces": 2.0})[:50], breakdown({"forces": 2.0})[50:], ""]
    path.write_text(breakdown({"forces": 1.0}), encoding="utf-8")

    def idle() -> bool:
        with path.open("a", encoding="utf-8") as file:
            file.write(rest.pop(0))
        return bool(rest)

    records = list(follow(path, idle=idle, seconds=0.0))

    assert [record.weighted for record in batches(records)] == [{"forces": 1.0}, {"forces": 2.0}]
    assert all(record.complete for record in batches(records))


@pytest.mark.parametrize("lines", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_memory_does_not_grow_with_the_log(lines: int, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    with path.open("w", encoding="utf-8") as file:
        for number in range(lines):
            file.write(breakdown(batch_values(number), number))
            if number % 1000 == 999:
                file.write(epoch(number // 1000))

    tracemalloc.start()
    read_batches = sum(isinstance(record, BatchLoss) for record in read_log(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read_batches == lines
    assert peak < 500_000


def test_a_line_without_end_takes_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(
        b"loss breakdown: forces: 1.0, " + b"x" * 20_000_000 + b"\n" + breakdown({"a": 1.0}).encode()
    )

    tracemalloc.start()
    records = list(read_log(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [record.complete for record in batches(records)] == [False, True]
    assert peak < 12_000_000


def test_reading_logs_loads_no_numeric_library() -> None:
    script = "import sys, mace_scf.logs; print([n for n in ('numpy', 'torch', 'matplotlib', 'rich') if n in sys.modules])"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_terms_of_the_helper_are_those_it_writes() -> None:
    assert tuple(batch_values(0)) == TERMS
