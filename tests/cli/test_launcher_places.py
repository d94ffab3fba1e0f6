"""Where a launcher looks for its files: its own folder, folders it goes to, names known in part."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from mace_scf.cli.main import main
from mace_scf.source.launcher import read_launcher

TRAIN = "python run_train.py --config"
OWN_FOLDER = [
    '$(dirname "$0")',
    "$(dirname $0)",
    "`dirname $0`",
    '$(dirname -- "${BASH_SOURCE[0]}")',
    '$(dirname "${BASH_SOURCE[0]:-$0}")',
    '$(dirname "$(readlink -f "$0")")',
    '$(realpath "$(dirname "$0")")',
    '$(cd "$(dirname "$0")" && pwd)',
    '$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )" &> /dev/null && pwd -P )',
    '$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null 2>&1; pwd)',
    '$(cd "${0%/*}" && pwd)',
    "${0%/*}",
    "${BASH_SOURCE[0]%/*}",
]


def config_words(script: str, path: str | None = "/runs/a/train.sh") -> str | None:
    """What stands behind `--config`."""
    (command,) = read_launcher(script, file="train.sh", path=path).commands
    return command.words[1].text


@pytest.mark.parametrize("written", OWN_FOLDER)
def test_a_script_knows_its_own_folder(written: str) -> None:
    assert config_words(f'HERE="{written}"\n{TRAIN} "$HERE/c.yaml"') == "/runs/a/c.yaml"
    assert config_words(f'{TRAIN} "{written}/c.yaml"') == "/runs/a/c.yaml"
    assert config_words(f'HERE="{written}"\n{TRAIN} "$HERE/c.yaml"', None) is None


def test_the_folder_above_is_known_too() -> None:
    assert config_words(f'R="$(cd "$(dirname "$0")/.." && pwd)"\n{TRAIN} $R/b/c.yaml') == "/runs/b/c.yaml"


@pytest.mark.parametrize("line", ["#SBATCH -N 1", "#PBS -l walltime=1:00:00", "#BSUB -n 1"])
def test_a_queue_runs_a_copy_that_lies_elsewhere(line: str) -> None:
    script = f'#!/bin/bash\n{line}\n{TRAIN} "$(dirname "$0")/c.yaml"'

    assert config_words(script) is None


def test_another_shell_is_another_script() -> None:
    assert config_words(f"bash -c '{TRAIN} $(dirname $0)/c.yaml'") is None


def test_other_programs_print_what_they_like() -> None:
    assert config_words(f'{TRAIN} "$(dirname "$CONFIG")/c.yaml"') is None
    assert config_words(f'{TRAIN} "$(cd "$(dirname "$0")" && ls)/c.yaml"') is None


CONFIG = "model: MACE\nseed: x\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a config of one mistake in each of two folders."""
    monkeypatch.chdir(tmp_path)
    for name in ("configs", "scripts"):
        (tmp_path / name).mkdir()
    (tmp_path / "configs" / "c.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "c.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("script", "config"),
    [
        (f'{TRAIN} "$(cd "$(dirname "$0")/../configs" && pwd)/c.yaml"', "configs/c.yaml"),
        (f"cd ../configs\n{TRAIN} c.yaml", "configs/c.yaml"),
        (f"mkdir -p out && cd out && {TRAIN} ../../configs/c.yaml", "configs/c.yaml"),
        (f"{TRAIN} configs/c.yaml", "configs/c.yaml"),
        (f"{TRAIN} $SLURM_SUBMIT_DIR/configs/c.yaml", "configs/c.yaml"),
        (f'{TRAIN}="$PWD/c.yaml"', "c.yaml"),
    ],
)
def test_the_config_of_a_launcher_is_found(
    folder: Path, script: str, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "scripts" / "train.sh").write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")

    assert main(["validate", "--no-data", "--select", "C110", "scripts/train.sh"]) == 1
    assert capsys.readouterr().out.startswith(f"{config}:2:7: error[C110]")


@pytest.mark.parametrize("word", ['"$(dirname "$0")/c.yaml"', "$PWD/c.yaml", '"${ROOT}"/configs/c.yaml'])
def test_a_launcher_beside_the_config_may_name_it_in_part(
    folder: Path, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "train.sh").write_text(f"{TRAIN} {word} --batch_size x\n", encoding="utf-8")

    assert main(["validate", "--no-data", "--select", "C110", "c.yaml"]) == 1
    out = capsys.readouterr().out
    assert "launcher train.sh" in out
    assert "train.sh:1:" in out


def test_data_are_looked_for_where_the_launcher_goes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "train.xyz").write_text("0\n\n", encoding="utf-8")
    command = f"{TRAIN} ../configs/c.yaml --train_file ../train.xyz --valid_file ../valid.xyz"
    (folder / "train.sh").write_text(f"mkdir -p made && cd made\n{command}\n", encoding="utf-8")

    main(["validate", "--select", "D101", "train.sh"])

    out = capsys.readouterr().out
    assert "`valid_file` is not there" in out
    assert "`train_file` is not there" not in out


@pytest.mark.parametrize("name", ["job.slurm", "job.sbatch", "run.pbs", "train.job", "go.bash"])
def test_job_scripts_are_launchers(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / name).write_text(f"{TRAIN} c.yaml --batch_size x\n", encoding="utf-8")

    for given in ("c.yaml", name):
        assert main(["validate", "--no-data", "--select", "C110", given]) == 1
        assert f"{name}:1:" in capsys.readouterr().out


def test_a_first_line_that_asks_for_a_shell_makes_a_launcher(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "submit").write_text(f"#!/usr/bin/env bash\n{TRAIN} c.yaml\n", encoding="utf-8")

    assert main(["validate", "--no-data", "--select", "C110", "submit"]) == 1
    assert "launcher submit" in capsys.readouterr().out


def test_of_several_words_of_one_variable_the_wrong_one_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "train.sh").write_text(
        f'OPTS="--seed 1 --batch_size x"\n{TRAIN} c.yaml $OPTS\n', encoding="utf-8"
    )

    main(["validate", "--no-data", "--select", "C110", "train.sh"])

    assert (
        '| OPTS="--seed 1 --batch_size x"\n   |                             ^ given here'
        in capsys.readouterr().out
    )


def test_a_config_on_standard_input_is_not_another_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "train.sh").write_text(f"{TRAIN} c.yaml --batch_size x\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CONFIG.encode())))

    main(["validate", "--no-data", "--select", "C110,R110", "-", "--launcher", "train.sh"])

    found = [line.partition(" ")[2] for line in capsys.readouterr().out.splitlines() if "[" in line[:24]]
    assert [line[:11] for line in found] == ["error[C110]", "error[C110]"]
