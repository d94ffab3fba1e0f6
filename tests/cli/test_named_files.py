"""Files that are not there, and options in the wrong place: what may have been meant is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from mace_scf.cli.main import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a config and its launcher."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("model: MACE\n", encoding="utf-8")
    (tmp_path / "train.sh").write_text("mace_scf_train --config config.yaml\n", encoding="utf-8")
    other = "sed s/@@/1/ in > made.yaml\nmace_scf_train --config made.yaml\n"
    (tmp_path / "other.sh").write_text(other, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "flow").mkdir()
    for name in ("Makefile", "flow/rules.smk", "run.py", "train.xyz"):
        (tmp_path / name).write_text("1\n", encoding="utf-8")


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["config.yaml", "--launcher", "trian.sh"],
            "trian.sh: No such file or directory; did you mean train.sh?",
        ),
        (["confg.yaml"], "confg.yaml: No such file or directory; did you mean config.yaml?"),
        (["other.sh"], "made.yaml: is not there, and other.sh writes it by no here-document"),
        (["Makefile"], "Makefile: commands that make, Snakemake, just and the like start are not read"),
        (
            ["flow/rules.smk"],
            "rules.smk: commands that make, Snakemake, just and the like start are not read",
        ),
        (["run.py"], "run.py: commands that a Python script starts are not read"),
        (
            ["train.xyz"],
            "train.xyz: holds frames, no config; `mace-scf profile train.xyz` tells what is in it",
        ),
        (["nothing-like-it"], "nothing-like-it: No such file or directory\n"),
        (["no/where.yaml"], "no/where.yaml: No such file or directory\n"),
        (["config.yaml", "--launcher", "slurm"], "goes behind `--`: -- --launcher slurm"),
        (["config.yaml", "--launcher", "data"], "data: is a folder\n"),
    ],
)
def test_what_may_have_been_meant_is_said(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--no-data", *words]) == 2

    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--lr", "unrecognized arguments: --lr 0.1; options of the training command go behind `--`"),
        ("--formatt", "unrecognized arguments: --formatt 0.1; did you mean --format?"),
    ],
)
def test_an_option_that_we_lack_may_be_the_trainers(
    word: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["validate", "config.yaml", word, "0.1"])

    assert stop.value.code == 2
    assert said in capsys.readouterr().err
