"""The documentation's command, `plot` and `loss` from a terminal."""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mace_scf.cli.main import main
from tests.logs.writing import batch_values, breakdown, run, stage

ROOT = Path(__file__).parents[2]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two runs in one file, the first one killed within a line."""
    path = tmp_path / "logs" / "water_run-7_debug.log"
    path.parent.mkdir()
    cut = breakdown(batch_values(9))[:90]
    second = stage({"forces": 10.0, "esps": 2.0}), breakdown({"forces": math.nan, "esps": 4.0})
    path.write_text("".join([*run(range(3)), cut, *run(range(2, 5)), *second]), encoding="utf-8")
    return path


def printed(words: Sequence[str], monkeypatch: pytest.MonkeyPatch, *, width: int = 120) -> tuple[int, str]:
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    with redirect_stdout(stream):
        status = main(words)
    return status, stream.getvalue()


def test_the_documented_command_works_as_written(log: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "plot_batch_losses.py"), f"logs/{log.name}"]

    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=log.parent.parent)

    assert done.returncode == 0, done.stderr
    assert (log.parent / "water_run-7_debug_losses.png").read_bytes().startswith(b"\x89PNG")
    assert "4 terms over 20 batches, 1 restart" in done.stdout
    assert "1 place could not be read; the first is" in done.stderr


@pytest.mark.parametrize("minimum", ["--min_epoch", "--min-epoch"])
def test_epochs_and_name_are_obeyed(minimum: str, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = log.parent / "balance"

    status, text = printed(
        ["plot", str(log), minimum, "2", "--max_epoch", "2", "--name", str(out)], monkeypatch
    )

    assert status == 0
    assert out.with_suffix(".png").exists()
    assert "over 6 batches" in text
    assert "outside the epochs asked for" in text


@pytest.mark.parametrize(("name", "begin"), [("a.svg", b"<?xml"), ("a.pdf", b"%PDF"), ("a.b", b"\x89PNG")])
def test_the_ending_of_the_name_chooses_the_format(
    name: str, begin: bytes, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, text = printed(["plot", str(log), "--name", str(log.parent / name)], monkeypatch)

    assert status == 0
    assert Path(text.split(": ")[0]).read_bytes().startswith(begin)


def test_numbers_are_written_beside_the_picture(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _ = printed(["plot", str(log), "--data"], monkeypatch)

    rows = log.with_name("water_run-7_debug_losses.csv").read_text(encoding="utf-8").splitlines()
    assert status == 0
    assert rows[1].split(",")[5:9] == ["0", "", "energy_per_atom", "1.0"]
    assert any(",forces,nan," in row for row in rows)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["none.log"], "No such file"),
        (["{log}", "--min_epoch", "99"], "none of its 20 batches lies in the epochs asked for"),
        (["{log}", "--name", "/nowhere/a.png"], "no folder"),
        (["{log}", "--name", "{folder}"], "is a folder"),
        (["{other}"], "there is no loss breakdown in it"),
    ],
)
def test_what_cannot_be_drawn_is_a_usage_error(
    words: list[str],
    reason: str,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = log.parent / "other.log"
    other.write_text("INFO: hello\n", encoding="utf-8")
    filled = [word.format(log=log, folder=log.parent, other=other) for word in words]

    status, text = printed(["plot", *filled], monkeypatch)

    assert status == 2
    assert text == ""
    assert reason in capsys.readouterr().err


def test_drawing_without_matplotlib_says_what_to_install(log: Path) -> None:
    script = "import sys; sys.modules['matplotlib'] = None; from mace_scf.cli.main import main; sys.exit(main(sys.argv[1:]))"

    done = subprocess.run(
        [sys.executable, "-c", script, "plot", str(log)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "pip install matplotlib, or '.[plot]' from a checkout of mace-scf" in done.stderr


def test_recent_terms_are_a_table_for_each_stage(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = printed(["loss", str(log), "--last", "6"], monkeypatch)

    first, second = text.split("\n\n")[:2]
    assert status == 1
    assert first.startswith("stage 0: mean of the last 6 of 18 batches, epochs 3 to 4")
    assert second.startswith("stage 1: mean of the last 1 of 1 batches, epochs 5 to 5")
    assert "not finite in 1" in second
    assert "does not tell training from validation" in text


@pytest.mark.parametrize("width", [44, 60, 80, 100, 140])
def test_flags_are_whole_at_every_width(width: int, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["loss", str(log), "--last", "6"], monkeypatch, width=width)

    flagged = text.split("stage 1")[1]
    words = " ".join(
        line[len("forces") :].split(None, 1)[-1] for line in flagged.splitlines() if line.strip()
    )
    assert "…" not in text
    assert all(word in words for word in ("not", "finite", "in 1", "batch"))
    if width >= 60:
        assert "not finite in 1 batch" in flagged


def test_a_record_of_validation_alone_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "v.jsonl"
    term = {"raw": 0.0, "weighted": 0.0, "share": 0.0, "count": 3.0, "weight": 25.0}
    log.write_text(
        json.dumps({"step": 1, "epoch": 0, "stage": "first", "split": "valid", "terms": {"forces": term}})
        + "\n"
    )

    status, text = printed(["loss", str(log)], monkeypatch)

    assert status == 0
    assert text.startswith("stage first, valid: mean of the last 1 of 1 batches")
    assert " 25 " in text


def test_recent_terms_as_json_agree_with_the_log(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["loss", str(log), "--json", "--last", "2"], monkeypatch)

    found = json.loads(text)
    forces = next(term for term in found["stages"][0]["terms"] if term["name"] == "forces")
    last = [batch_values(step)["forces"] for step in (13, 14)]
    assert found["schema_version"] == 1
    assert (found["batches"], found["runs"], found["unread"]) == (20, 2, {"cut line": 1})
    assert forces["weighted"] == pytest.approx(sum(last) / 2)
    assert forces["raw"] == pytest.approx(sum(last) / 4)
    assert forces["weight"] == 2.0
    assert found["stages"][1]["terms"][0]["weighted"] is None


def test_a_clean_log_ends_with_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(run(range(2))), encoding="utf-8")

    status, _ = printed(["loss", str(path)], monkeypatch)

    assert status == 0
    assert capsys.readouterr().err == ""


def test_a_table_loads_no_numeric_library(log: Path) -> None:
    script = (
        "import sys; from mace_scf.cli.main import main; main(sys.argv[1:]); "
        "print([name for name in ('torch', 'numpy', 'ase', 'matplotlib') if name in sys.modules], file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, "loss", str(log)], capture_output=True, text=True, check=True
    )

    assert done.stderr.strip().split("\n")[-1] == "[]"


def test_following_a_log_shows_its_newest_stage(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)

    status, text = printed(["loss", str(log), "--follow"], monkeypatch)

    assert status == 1
    assert "stage 1" in text
