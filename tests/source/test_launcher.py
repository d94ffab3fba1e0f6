"""What the launcher reader says about words: places, origins, and what is unknown."""

from __future__ import annotations

import pytest

from mace_scf.source.launcher import Word

from .reading import only_command


def _last(script: str) -> Word:
    return only_command(script).words[-1]


def test_a_word_knows_its_place_and_its_quotes() -> None:
    script = 'A=1\n  srun run_train --näme "x y" \\\n    --b\n'

    words = only_command(script).words

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
    command = only_command("A=1 srun \\\n  run_train --a > log 2>&1\n")

    assert (command.span.start, command.span.end) == ((0, 0), (1, 15))
    assert (command.program.raw, command.program.span.start) == ("run_train", (1, 2))


def test_places_are_code_points_and_count_from_the_line_start() -> None:
    word = _last("# Å é 🜁\nX='🜁🜁'; run_train 'ü' \"$X\"\n")

    assert (word.text, word.span.start, word.span.end) == ("🜁🜁", (1, 22), (1, 26))
    assert word.origin is not None
    assert (word.origin.start, word.origin.end) == ((1, 3), (1, 5))


def test_a_value_leads_back_to_the_characters_that_were_assigned() -> None:
    script = 'FLAGS="--a 1  --lr 0.5"\nMORE="$FLAGS"\nrun_train $MORE\n'

    origins = [word.origin for word in only_command(script).words]

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

    words = only_command(script).words

    assert [word.text for word in words] == ["--config=c.yaml", "--name", "a b", "x"]
    assert [word.span.start for word in words] == [(1, 25), (1, 37), (1, 44), (1, 50)]
    assert words[0].origin is not None
    assert (words[0].origin.start, words[0].origin.end) == ((0, 2), (0, 8))


def test_a_here_document_that_is_run_keeps_its_places() -> None:
    words = only_command("N=5\nsbatch <<EOF\n#!/bin/bash\nrun_train --n $N --j \\$J\nEOF\n").words

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
    words = only_command('run_train --lr=$LR "--seed=$S" run_$SLURM_JOB_ID x"$Y"z\n').words

    assert [word.prefix for word in words] == ["--lr=", "--seed=", "run_", "x"]
    assert [word.many for word in words] == [True, False, False, False]


@pytest.mark.parametrize(
    "words",
    ["$F", '"$@"', "$@", '"${A[@]}"', "$(cat flags)", "*.xyz", "--a=$F", "$*"],
)
def test_words_of_unknown_number_leave_a_command_open_ended(words: str) -> None:
    assert only_command(f"run_train --a {words}\n").open_ended


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
    command = only_command(f"run_train --a {words}\n")

    assert not command.open_ended
    assert len(command.words) == 2


def test_what_is_unknown_in_front_of_the_trainer_does_not_matter() -> None:
    assert not only_command("srun $OPTIONS run_train --a\n").open_ended


def test_branches_that_differ_keep_what_they_share() -> None:
    script = 'A=(--a 1)\nif x; then A+=(--b); else A+=(--c); fi\nA+=(--d)\nrun_train "${A[@]}"\n'

    command = only_command(script)

    assert [word.text for word in command.words] == ["--a", "1", None, "--d"]
    assert command.words[2].why_unknown == "`A` differs between the ways through this script"
    assert command.open_ended


def test_a_sourced_file_may_change_what_was_assigned_before() -> None:
    words = only_command("A=1\nsource params.sh\nB=2\nrun_train $A ${C:-3} $B\n").words

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
    words = only_command("A=1\nexport B=2\nC=3 bash -c 'run_train \"$A\" $B $C'\n").words

    assert [word.text for word in words] == [None, "2", "3"]


def test_a_byte_order_mark_is_skipped() -> None:
    command = only_command("\ufeffrun_train --a\n")

    assert (command.program.raw, command.span.start) == ("run_train", (0, 1))
