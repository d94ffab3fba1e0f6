"""What the launcher reader says about words, places, origins, unknowns and folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mace_scf.source.launcher import TrainingCommand, Word, names_config, read_launcher


def _command(script: str) -> TrainingCommand:
    (command,) = read_launcher(script, file="train.sh").commands
    return command


def _last(script: str) -> Word:
    return _command(script).words[-1]


def test_a_word_knows_its_place_and_its_quotes() -> None:
    script = 'A=1\n  srun run_train --näme "x y" \\\n    --b\n'

    words = _command(script).words

    assert [(word.raw, word.text, word.quoted) for word in words] == [
        ("--näme", "--näme", False),
        ('"x y"', "x y", True),
        ("--b", "--b", False),
    ]
    assert [(word.span.start, word.span.end) for word in words] == [
        ((1, 17), (1, 23)),
        ((1, 24), (1, 29)),
        ((2, 4), (2, 7)),
    ]
    assert words[0].span.file == "train.sh"


def test_a_command_spans_from_its_first_prefix_to_its_last_word() -> None:
    command = _command("A=1 srun \\\n  run_train --a > log 2>&1\n")

    assert (command.span.start, command.span.end) == ((0, 0), (1, 15))
    assert (command.program.raw, command.program.span.start) == ("run_train", (1, 2))


def test_places_are_code_points_and_count_from_the_line_start() -> None:
    word = _last("# Å é 🜁\nX='🜁🜁'; run_train 'ü' \"$X\"\n")

    assert (word.text, word.span.start, word.span.end) == ("🜁🜁", (1, 22), (1, 26))
    assert word.origin is not None
    assert (word.origin.start, word.origin.end) == ((1, 3), (1, 5))


def test_a_value_leads_back_to_the_characters_that_were_assigned() -> None:
    script = 'FLAGS="--a 1  --lr 0.5"\nMORE="$FLAGS"\nrun_train $MORE\n'

    origins = [word.origin for word in _command(script).words]

    assert [(origin.start, origin.end) for origin in origins if origin] == [
        ((0, 7), (0, 10)),
        ((0, 11), (0, 12)),
        ((0, 14), (0, 18)),
        ((0, 19), (0, 22)),
    ]


def test_an_array_element_leads_back_to_its_own_line() -> None:
    word = _last('ARGS=(\n  --a\n  "x y"\n)\nrun_train "${ARGS[@]}"\n')

    assert word.raw == '"${ARGS[@]}"'
    assert word.origin is not None
    assert (word.origin.start, word.origin.end) == ((2, 3), (2, 6))


def test_a_default_leads_back_to_the_default() -> None:
    word = _last("run_train --a ${A:-xy}\n")

    assert (word.text, word.origin) == ("xy", None)
    assert word.span.start == (0, 14)


def test_an_argument_of_a_function_leads_back_to_the_call() -> None:
    word = _last("go() {\n  run_train --seed $1\n}\ngo 17\n")

    assert (word.text, word.span.start) == ("17", (1, 19))
    assert word.origin is not None
    assert word.origin.start == (3, 3)


def test_text_in_quotes_that_is_run_keeps_its_places() -> None:
    script = 'C=c.yaml\nsbatch --wrap="run_train --config=$C --name \'a b\' \\"x\\""\n'

    words = _command(script).words

    assert [word.text for word in words] == ["--config=c.yaml", "--name", "a b", "x"]
    assert [word.span.start for word in words] == [(1, 25), (1, 37), (1, 44), (1, 50)]
    assert words[0].origin is not None
    assert (words[0].origin.start, words[0].origin.end) == ((0, 2), (0, 8))


def test_a_here_document_that_is_run_keeps_its_places() -> None:
    words = _command("N=5\nsbatch <<EOF\n#!/bin/bash\nrun_train --n $N --j \\$J\nEOF\n").words

    assert [word.text for word in words] == ["--n", "5", "--j", None]
    assert [word.span.start for word in words] == [(3, 10), (3, 14), (3, 17), (3, 21)]
    assert words[3].why_unknown == "`$J` is not assigned in this script"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("$OUTSIDE", "`$OUTSIDE` is not assigned in this script"),
        ('"$SLURM_JOB_ID"', "`$SLURM_JOB_ID` is known only while the script runs"),
        ("${SLURM_NTASKS:-1}", "`$SLURM_NTASKS` is known only while the script runs"),
        ("$RANDOM", "`$RANDOM` is known only while the script runs"),
        ("$1", "`$1` is given when the script is started"),
        ('"$@"', "`$@` is given when the script is started"),
        ("$(date +%s)", "`$(date +%s)` is a command's output"),
        ("`date`", "``date`` is a command's output"),
        ("$((1 + 2))", "`$((1 + 2))` is an arithmetic result"),
        ("<(echo)", "`<(echo)` is a process substitution"),
        ("*.xyz", "`*.xyz` is a pattern of file names"),
        ("~/data", "`~` is a home directory"),
        ("${!X}", "`${!X}` is not worked out here"),
        ("{001..010}", None),
    ],
)
def test_an_unknown_word_says_why(word: str, why: str | None) -> None:
    found = _last(f"run_train --a {word}\n")

    assert (found.text is None) == (why is not None)
    assert found.why_unknown == (why or "")


def test_the_known_beginning_of_an_unknown_word_is_kept() -> None:
    words = _command('run_train --lr=$LR "--seed=$S" run_$SLURM_JOB_ID x"$Y"z\n').words

    assert [word.prefix for word in words] == ["--lr=", "--seed=", "run_", "x"]
    assert [word.many for word in words] == [True, False, False, False]


@pytest.mark.parametrize(
    "words",
    ["$F", '"$@"', "$@", '"${A[@]}"', "$(cat flags)", "*.xyz", "--a=$F", "$*"],
)
def test_words_of_unknown_number_leave_a_command_open_ended(words: str) -> None:
    assert _command(f"run_train --a {words}\n").open_ended


@pytest.mark.parametrize(
    "words",
    [
        '"$F"',
        '"--a=$F"',
        "$RANDOM",
        "x$((1))",
        "$SLURM_JOB_ID",
        '"$*"',
        '"$(cat x)"',
        "~/x",
        "--f=*.xyz",
        "$#",
    ],
)
def test_unknown_words_of_known_number_do_not(words: str) -> None:
    command = _command(f"run_train --a {words}\n")

    assert not command.open_ended
    assert len(command.words) == 2


def test_what_is_unknown_in_front_of_the_trainer_does_not_matter() -> None:
    assert not _command("srun $OPTIONS run_train --a\n").open_ended


def test_branches_that_differ_keep_what_they_share() -> None:
    script = 'A=(--a 1)\nif x; then A+=(--b); else A+=(--c); fi\nA+=(--d)\nrun_train "${A[@]}"\n'

    command = _command(script)

    assert [word.text for word in command.words] == ["--a", "1", None, "--d"]
    assert command.words[2].why_unknown == "`A` differs between the ways through this script"
    assert command.open_ended


def test_a_sourced_file_may_change_what_was_assigned_before() -> None:
    words = _command("A=1\nsource params.sh\nB=2\nrun_train $A ${C:-3} $B\n").words

    assert [word.text for word in words] == [None, None, "2"]
    assert words[0].why_unknown == "`params.sh` is sourced and may have changed it"


@pytest.mark.parametrize(
    "line",
    [
        "source ~/.bashrc",
        ". /envs/mace/bin/activate",
        "source activate mace",
        'source "$HOME/miniconda3/etc/profile.d/conda.sh"',
        'eval "$(conda shell.bash hook)"',
        'eval "$(micromamba shell hook --shell bash)"',
        "module load cuda",
        "conda activate mace",
    ],
)
def test_setting_up_an_environment_leaves_variables_alone(line: str) -> None:
    assert _last(f"A=1\n{line}\nrun_train $A\n").text == "1"


def test_an_unknown_text_that_is_evaluated_may_change_anything() -> None:
    assert _last('A=1\neval "$STUFF"\nrun_train $A\n').text is None


def test_a_child_shell_sees_exported_variables_only() -> None:
    words = _command("A=1\nexport B=2\nC=3 bash -c 'run_train \"$A\" $B $C'\n").words

    assert [word.text for word in words] == [None, "2", "3"]


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
    assert _command(script).conditional


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
    assert not _command(script).conditional


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
    assert _command(script).directory == directory


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

    word = names_config(_command(script))

    assert word is not None
    assert (word.raw, word.text) == (raw, text)
    assert script[word.span.column : word.span.end_column] == raw


@pytest.mark.parametrize("arguments", ["", "--lr 1", "--config", "--config --lr", "--configs a"])
def test_a_command_without_a_config_names_none(arguments: str) -> None:
    assert names_config(_command(f"run_train {arguments}\n")) is None


def test_the_config_in_a_variable_has_its_origin() -> None:
    word = names_config(_command("C=runs/a.yaml\nrun_train --config=$C\n"))

    assert word is not None
    assert (word.text, word.prefix) == ("runs/a.yaml", "runs/a.yaml")
    assert word.origin is not None
    assert (word.origin.start, word.origin.end) == ((0, 2), (0, 13))


def test_each_call_of_a_function_is_a_command() -> None:
    script = "stage() { run_train --config c --stage $1 ${2:-}; }\nstage one\nstage two --more\n"

    commands = read_launcher(script, file="t.sh").commands

    assert [[word.text for word in command.words[2:]] for command in commands] == [
        ["--stage", "one"],
        ["--stage", "two", "--more"],
    ]


def test_a_byte_order_mark_is_skipped() -> None:
    command = _command("\ufeffrun_train --a\n")

    assert (command.program.raw, command.span.start) == ("run_train", (0, 1))


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


def test_an_arm_that_ends_the_script_gives_no_command() -> None:
    script = 'case "$1" in a) A=1 ;; b) A=2 ;; *) A=3; exit 1 ;; esac\nrun_train --x $A\n'

    assert variants(script) == [["--x", "1"], ["--x", "2"]]


def test_where_everything_is_known_nothing_is_read_again() -> None:
    script = 'if [ -n "$X" ]; then echo; else :; fi\nrun_train --a\n'

    assert variants(script) == []


def test_a_command_that_is_switched_off_is_read_nevertheless() -> None:
    command = _command("DRY=1\nif [ $DRY -eq 0 ]; then run_train --a 1; fi\n")

    assert [word.text for word in command.words] == ["--a", "1"]
    assert command.conditional
