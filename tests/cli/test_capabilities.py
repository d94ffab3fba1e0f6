"""The matrix on a terminal and for machines."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from mace_scf.catalog.registry import trainer
from mace_scf.cli.main import main
from mace_scf.resolve.matrix import columns

GOLDEN = Path(__file__).parent / "golden"


def printed(words: Sequence[str], monkeypatch: pytest.MonkeyPatch, *, width: int = 80) -> tuple[int, str]:
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    with redirect_stdout(stream):
        status = main(["capabilities", *words])
    return status, stream.getvalue()


@pytest.mark.parametrize("width", [80, 160])
def test_matrix_is_the_expected_page(
    width: int, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    golden = GOLDEN / f"capabilities-{width}.out"

    status, text = printed([], monkeypatch, width=width)

    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert status == 0
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 100, 160, 300])
def test_no_line_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed([], monkeypatch, width=width)

    assert max(map(len, text.split("\n"))) <= width


def test_plain_output_has_no_control_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["--model", "FixedPoint"], monkeypatch)

    assert "\x1b" not in text
    assert "LocalCharges" not in text


def test_json_holds_every_term_under_every_model_and_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["--json"], monkeypatch)

    found: dict[str, Any] = json.loads(text)
    assert found["schema_version"] == 1
    assert len(found["models"]) == len(trainer().models)
    assert len(found["terms"]) == len(trainer().terms)
    assert {len(term["services"]) for term in found["terms"]} == {len(columns(trainer()))}


def test_json_names_the_option_that_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["--json", "--model", "MACE"], monkeypatch)

    stress = next(term for term in json.loads(text)["terms"] if term["name"] == "stress")
    (service,) = stress["services"]
    assert service["service"] == "with option"
    assert service["conditions"] == [{"option": "compute_stress", "values": [True], "negated": False}]


def test_recommended_terms_come_with_weights_and_source(monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["--json", "--model", "LocalCharges"], monkeypatch)

    first = json.loads(text)["models"][0]["recommended"][0]
    assert first["terms"] == {
        "energy_per_atom": 1.0,
        "forces": 100.0,
        "atomic_multipoles": 100.0,
        "dipole_per_atom": 1.0,
    }
    assert "documentation" in first["source"]


def test_model_may_be_written_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = printed(["--model", "maceqeq"], monkeypatch)

    assert status == 0
    assert "QEq" in text


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--model", "FixdPoint"], "did you mean FixedPoint?"),
        (["--model", "xyz"], "there are MACE, "),
        (["--trainer", "mine"], "choose upstream or engine"),
    ],
)
def test_unknown_names_are_a_usage_error(
    words: list[str], hint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _ = printed(words, monkeypatch)

    assert status == 2
    assert hint in capsys.readouterr().err


def test_engine_has_more_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = printed(["--trainer", "engine"], monkeypatch)

    assert "forces_huber" in text


@pytest.mark.parametrize("words", [["capabilities", "--json"], ["explain-term", "forces"]])
def test_rich_and_torch_stay_unloaded_where_nothing_is_coloured(words: list[str]) -> None:
    script = (
        "import sys; from mace_scf.cli.main import main; main(sys.argv[1:]); "
        "print([name for name in ('rich', 'torch', 'numpy', 'ase') if name in sys.modules], file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
