"""A word at the wrong place, and what it was meant for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mace_scf.cli.main import main

RUN = "train_schedule: {0: {name: first, loss: {forces: 1.0}}}\n"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["explain", "forces"], "`mace-scf explain-term forces`"),
        (["explain", "forces_huber"], "`mace-scf explain-term forces_huber`"),
        (["explain", "C999"], "`mace-scf explain` lists them"),
        (["explain-term", "L201"], "`mace-scf explain L201`"),
        (["explain-term", "nothing"], "`mace-scf capabilities` lists them"),
        (["check", "run.yaml"], "there are validate, profile,"),
        (["validate", "run.yaml", "--baseline", "known.json"], "known.json: is not there; `--update-baseline` writes it"),
        (["validate", "run.yaml", "--baseline", "."], ".: Is a directory"),
        (["loss", "empty.log"], "writes those to the file that ends in `_debug.log`"),
        (["plot", "empty.log"], "writes those to the file that ends in `_debug.log`"),
        (["plot", "run.jsonl", "--name", "pictures/a.svg"], "there is no folder pictures for a.svg"),
    ],
)  # fmt: skip
def test_a_refusal_says_where_to_go(
    words: list[str],
    hint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.yaml").write_text(RUN, encoding="utf-8")
    (tmp_path / "empty.log").write_text("", encoding="utf-8")
    (tmp_path / "run.jsonl").write_text(
        '{"step": 0, "terms": {"forces": {"weighted": 2.0, "raw": 1.0, "weight": 2.0}}}\n', encoding="utf-8"
    )

    status = main(words)

    assert status == 2
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize("given", ["0", "x", "-3", "1.5"])
def test_a_number_of_batches_is_one_or_more(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["loss", "run.jsonl", f"--last={given}"])

    assert f"`{given}` is no number of batches: give 1 or more" in capsys.readouterr().err


def test_a_model_is_named_with_or_without_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capabilities", "--model", "MACEQEq"]) == 0
    named = capsys.readouterr().out

    assert main(["capabilities", "maceqeq"]) == 0
    assert capsys.readouterr().out == named
