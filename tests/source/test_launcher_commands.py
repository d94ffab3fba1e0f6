"""Which commands a launcher runs, under which conditions, in which folder, and with which config."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mace_scf.source.launcher import names_config, read_launcher

from .reading import only_command


@pytest.mark.parametrize(
    "script",
    [
        "if x; then run_train; fi\n",
        "if x; then :; else run_train; fi\n",
        "case $1 in a) run_train ;; esac\n",
        "for i in 1; do run_train; done\n",
        "while x; do run_train; done\n",
        "never() { run_train; }\n",
        "[ -f x ] && run_train\n",
        "x || run_train\n",
        "exit 0\nrun_train\n",
        "if x; then bash -c run_train; fi\n",
    ],
)
def test_a_command_that_may_not_be_run_is_conditional(script: str) -> None:
    assert only_command(script).conditional


@pytest.mark.parametrize(
    "script",
    [
        "run_train\n",
        "cd x && run_train\n",
        "module load x && source y && run_train\n",
        "(run_train) | tee log &\n",
        "{ run_train; }\n",
        "always() { run_train; }\nalways\n",
        "if run_train; then :; fi\n",
        "until run_train; do sleep 1; done\n",
        "run_train || exit 1\n",
        "[ -n x ] || exit 1\nrun_train\n",
        "bash -c run_train\n",
    ],
)
def test_a_command_that_is_always_run_is_not(script: str) -> None:
    assert not only_command(script).conditional


@pytest.mark.parametrize(
    ("script", "directory"),
    [
        ("run_train\n", ""),
        ("cd data\nrun_train\n", "data"),
        ("cd data && cd 'a b'; run_train\n", "data/a b"),
        ("cd a\ncd /abs || exit 1\nrun_train\n", "/abs"),
        ('D=runs/1; cd "$D"\nrun_train\n', "runs/1"),
        ("(cd a)\nrun_train\n", ""),
        ("(cd a; run_train)\n", "a"),
        ("cd $UNKNOWN\nrun_train\n", None),
        ("cd $UNKNOWN; cd x\nrun_train\n", None),
        ("cd $UNKNOWN; cd /x\nrun_train\n", "/x"),
        ('cd "$(dirname "$0")"\nrun_train\n', None),
        ("cd ~\nrun_train\n", None),
        ("cd\nrun_train\n", None),
        ("cd a\ncd -\nrun_train\n", None),
        ('cd a\ncd "$SLURM_SUBMIT_DIR"\nrun_train\n', ""),
        ("cd ${PBS_O_WORKDIR}\nrun_train\n", ""),
        ("pushd a\nrun_train\n", "a"),
        ("pushd a\npopd\nrun_train\n", None),
        ("if x; then cd a; fi\nrun_train\n", None),
        ("#!/bin/bash\n#SBATCH -N 1\n#SBATCH --chdir=/runs\nrun_train\n", "/runs"),
        ("#SBATCH -D sub\nrun_train\n", "sub"),
        ("conda run --cwd x run_train\n", None),
        ("srun -D x run_train\n", None),
        ("bash -c 'cd q; run_train'\n", "q"),
    ],
)
def test_the_folder_is_known_where_the_script_says_it(script: str, directory: str | None) -> None:
    assert only_command(script).directory == directory


@pytest.mark.parametrize(
    ("arguments", "raw", "text"),
    [
        ("--config a.yaml", "a.yaml", "a.yaml"),
        ("--config=a.yaml", "a.yaml", "a.yaml"),
        ('--config="a b.yaml"', '"a b.yaml"', "a b.yaml"),
        ("--config a --lr 1 --config=b", "b", "b"),
        ("--config=a --config b", "b", "b"),
        ("--config a --config --lr", "a", "a"),
        ("--config a -- --config b", "a", "a"),
        ("--config $C", "$C", None),
        ("--config=$C", "$C", None),
        ("--config=run_$C.yaml", "run_$C.yaml", None),
        ("--config_type_weights x --config a", "a", "a"),
    ],
)
def test_the_word_that_names_the_config_is_found(arguments: str, raw: str, text: str | None) -> None:
    script = f"run_train {arguments}\n"

    word = names_config(only_command(script))

    assert word is not None
    assert (word.raw, word.text) == (raw, text)
    assert script[word.span.column : word.span.end_column] == raw


@pytest.mark.parametrize("arguments", ["", "--lr 1", "--config", "--config --lr", "--configs a"])
def test_a_command_without_a_config_names_none(arguments: str) -> None:
    assert names_config(only_command(f"run_train {arguments}\n")) is None


def test_the_config_in_a_variable_has_its_origin() -> None:
    word = names_config(only_command("C=runs/a.yaml\nrun_train --config=$C\n"))

    assert word is not None
    assert (word.text, word.prefix) == ("runs/a.yaml", "runs/a.yaml")
    assert word.origin is not None
    assert (word.origin.start, word.origin.end) == ((0, 2), (0, 13))


def test_each_call_of_a_function_is_aonly_command() -> None:
    script = "stage() { run_train --config c --stage $1 ${2:-}; }\nstage one\nstage two --more\n"

    commands = read_launcher(script, file="t.sh").commands

    assert [[word.text for word in command.words[2:]] for command in commands] == [
        ["--stage", "one"],
        ["--stage", "two", "--more"],
    ]


def test_an_empty_text_holds_nothing() -> None:
    launcher = read_launcher("", file="t.sh")

    assert (launcher.file, launcher.commands, launcher.problems) == ("t.sh", (), ())


def test_importing_the_reader_does_not_load_the_parser() -> None:
    code = (
        "import sys, mace_scf.source.launcher; "
        "assert not {'tree_sitter', 'tree_sitter_bash', 'ruamel', 'numpy'} & sys.modules.keys()"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_nothing_is_executed_and_no_file_changes(tmp_path: Path) -> None:
    script = f"touch {tmp_path}/made\nrm -rf {tmp_path}\nX=$(touch {tmp_path}/made)\nrun_train $X `touch {tmp_path}/x`\n"

    read_launcher(script, file="t.sh")

    assert list(tmp_path.iterdir()) == []


def variants(script: str) -> list[list[str | None]]:
    launcher = read_launcher(script, file="train.sh")
    return [[word.text for word in command.words] for command in launcher.variants]


def test_each_arm_of_an_undecided_branch_is_read_by_itself() -> None:
    script = 'A=(--a)\nif [ -n "$X" ]; then A+=(--b); else A+=(--c); fi\nrun_train "${A[@]}"\n'

    assert variants(script) == [["--a", "--b"], ["--a", "--c"]]


def test_an_arm_that_ends_the_script_gives_noonly_command() -> None:
    script = 'case "$1" in a) A=1 ;; b) A=2 ;; *) A=3; exit 1 ;; esac\nrun_train --x $A\n'

    assert variants(script) == [["--x", "1"], ["--x", "2"]]


def test_where_everything_is_known_nothing_is_read_again() -> None:
    script = 'if [ -n "$X" ]; then echo; else :; fi\nrun_train --a\n'

    assert variants(script) == []


def test_a_command_that_is_switched_off_is_read_nevertheless() -> None:
    command = only_command("DRY=1\nif [ $DRY -eq 0 ]; then run_train --a 1; fi\n")

    assert [word.text for word in command.words] == ["--a", "1"]
    assert command.conditional
