"""Findings about shell text: each is true in real bash, and its fix makes bash do what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from mace_scf.diagnostics import Edit, Fix, Severity
from mace_scf.source.launcher import Launcher, read_launcher

from .bash_runs import fits, needs_bash, run_with_bash

# Each lacks `--b 2` when bash runs it, or hands over something that was not meant.
BROKEN = {
    "blank": ("R101", "run_train --a 1 \\ \n  --b 2\n"),
    "blanks-and-tab": ("R101", "run_train --a 1 \\ \t \n  --b 2 \\\n  --c\n"),
    "blank-glued": ("R101", "run_train --a 1\\ \n  --b 2\n"),
    "blank-in-front-of-a-redirection": ("R101", "run_train --b 2 \\ \n  > log 2>&1\n"),
    "blank-in-front-of-a-pipe": ("R101", "run_train --b 2 \\ \n  2>&1 | tee log\n"),
    "blank-in-front-of-a-variable": ("R101", 'X=2\nrun_train --b \\ \n  "$X"\n'),
    "blank-then-empty-line": ("R101", "run_train --a \\ \n\n  --b 2\n"),
    "blank-at-the-end": ("R101", "run_train --a 1 --b 2 \\ \n\necho done\n"),
    "blank-at-the-very-end": ("R101", "run_train --a 1 --b 2 \\ "),
    "blank-in-front-of-another-command": ("R101", "run_train --a 1 --b 2 \\ \necho done\n"),
    "blank-in-an-array": ("R101", 'A=(--a 1 \\ \n  --b 2)\nrun_train "${A[@]}"\n'),
    "blank-in-a-function": ("R101", 'f() {\n  run_train --b 2 \\ \n    "$@"\n}\nf --c\n'),
    "empty-line": ("R101", "run_train --a 1 \\\n\n  --b 2\n"),
    "empty-lines-with-blanks": ("R101", "run_train --a 1 \\\n  \n\t\n  --b 2\n"),
    "no-backslash": ("R101", "run_train --a 1 \\\n  --c 3\n  --b 2\n"),
    "carriage-returns": ("R101", "A=1\r\nrun_train --a $A \\\r\n  --b 2\r\necho done\r\n"),
    "carriage-return-on-one-line": ("R101", "run_train --a 1 \\\r\n  --b 2\n"),
    "carriage-returns-alone": ("R111", "run_train --a 1 --b 2\r\necho done\r\n"),
    "comment": ("R102", "run_train --a 1 \\\n  # --c 3 \\\n  --b 2\n"),
    "comment-at-the-margin": ("R102", "if true; then\n  run_train --a 1 \\\n#   --c 3\n    --b 2\nfi\n"),
    "comments": ("R102", "run_train --a 1 \\\n  # one\n  # two \\\n  --b 2 \\\n  --c\n"),
    "comment-behind-the-words": ("R102", "run_train --a 1 # why \\\n  --b 2\n"),
    "comment-behind-the-backslash": ("R102", "run_train --a 1 \\ # why\n  --b 2\n"),
    "comment-in-front-of-an-array": (
        "R102",
        'A=(--b 2)\nrun_train --a 1 \\\n  # why\n  "${A[@]}"\n',
    ),
    "comment-then-empty-line": ("R102", "run_train --a 1 \\\n  # why\n\n  --b 2\n"),
    "comment-after-a-prefix-line": ("R102", "A=1 \\\n  run_train --a 1 \\\n  # why\n  --b 2\n"),
}

# Nothing is lost in these, so there is nothing to say.
SOUND = {
    "comment-at-the-end": "run_train --a 1 \\\n  # --b 2\n\necho done\n",
    "command-in-an-array": 'A=(run_train --a)\n\n# go\n"${A[@]}"\n',
    "comment-above": "# run_train \\\n#   --a\nrun_train --a\n",
    "empty-line-at-the-end": "run_train --a 1 \\\n\necho done\n",
    "blank-in-quotes": "run_train --a 'x \\ \ny' \"z \\ \n\"\n",
    "blank-in-a-comment": "# a \\ \nrun_train --a\n",
    "blank-in-a-here-document": "cat > c.yaml <<EOF\nx \\ \n--b\nEOF\nrun_train --a\n",
    "escaped-blank": "run_train --a x\\ y\n",
    "blank-in-another-command": "echo a \\ \nrun_train --a\n",
    "comments-in-an-array": 'A=(\n  --a 1 # one\n  # --c 3\n  --b 2\n)\nrun_train "${A[@]}"\n',
    "empty-option-list": 'ARGS=\nEXTRA_FLAGS=""\nrun_train --wandb $EXTRA_FLAGS --ema $ARGS\n',
    "empty-behind-a-value": "E=\nrun_train --a 1 $E --b\n",
    "empty-by-choice": "run_train --a ${E:-} --b ${F+x}\n",
    "unknown-value": "run_train --a $E --b\n",
}


@needs_bash
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_command_is_found_and_its_fix_makes_bash_do_what_was_read(name: str, tmp_path: Path) -> None:
    code, script = BROKEN[name]

    launcher = read_launcher(script, file="train.sh")

    assert {problem.code for problem in launcher.problems} == {code}
    assert not _agrees_with_bash(launcher, script, tmp_path / "before")
    mended = script
    for _ in launcher.problems:
        mended = _applied(mended, read_launcher(mended, file="train.sh").problems[0].fix)
    again = read_launcher(mended, file="train.sh")
    assert again.problems == ()
    assert _arguments(again) == _arguments(launcher)
    assert "--b" in _arguments(again)[0]
    assert _agrees_with_bash(again, mended, tmp_path / "after")


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_script_has_no_findings(name: str) -> None:
    launcher = read_launcher(SOUND[name], file="train.sh")

    assert launcher.problems == ()
    assert len(launcher.commands) == 1


@needs_bash
@pytest.mark.parametrize("name", [name for name in SOUND if "blank-in-another" not in name])
def test_a_sound_script_is_read_as_bash_reads_it(name: str, tmp_path: Path) -> None:
    launcher = read_launcher(SOUND[name], file="train.sh")

    assert _agrees_with_bash(launcher, SOUND[name], tmp_path)


def test_a_finding_points_at_the_blank_and_at_the_lost_option() -> None:
    (problem,) = read_launcher(BROKEN["blank"][1], file="t.sh").problems

    assert (problem.severity, problem.slug) == (Severity.ERROR, "broken-continuation")
    assert problem.span is not None
    assert (problem.span.start, problem.span.end) == ((0, 17), (0, 18))
    assert problem.labels[0].span.start == (1, 2)
    assert problem.labels[0].span.end == (1, 5)


def test_a_blank_behind_a_prefix_cuts_the_prefix_off() -> None:
    launcher = read_launcher("srun -n 1 \\ \n  run_train --b 2\n", file="t.sh")

    (command,) = launcher.commands
    assert [problem.code for problem in launcher.problems] == ["R101"]
    assert (command.span.start, command.span.end) == ((0, 0), (1, 17))


def test_a_comment_moves_above_the_command_and_keeps_its_indentation() -> None:
    script = "if true; then\n  run_train --a 1 \\\n    # --c 3 \\\n    --b 2\nfi\n"
    (problem,) = read_launcher(script, file="t.sh").problems

    mended = _applied(script, problem.fix)

    assert mended == "if true; then\n  # --c 3\n  run_train --a 1 \\\n    --b 2\nfi\n"


def test_windows_line_ends_are_one_finding_with_one_fix_for_the_whole_file() -> None:
    script = "A=1\r\nrun_train --a $A \\\r\n --b \\\r\n --c\r\n"

    (problem,) = read_launcher(script, file="t.sh").problems

    assert problem.span is not None
    assert problem.span.start == (1, 18)
    assert _applied(script, problem.fix) == script.replace("\r", "")


def test_an_option_with_an_empty_unquoted_variable_is_an_error() -> None:
    launcher = read_launcher("S=\nrun_train --seed $S --name x\n", file="t.sh")

    (problem,) = launcher.problems
    assert (problem.code, problem.slug, problem.severity) == ("R103", "empty-value", Severity.ERROR)
    assert problem.span is not None
    assert problem.span.start == (1, 17)
    assert problem.labels[0].span.start == (0, 0)
    assert "for want of a value" in problem.when
    assert [word.text for word in launcher.commands[0].words] == ["--seed", None, "--name", "x"]


def test_an_empty_variable_whose_place_the_next_word_takes_says_so() -> None:
    (problem,) = read_launcher("S=\nrun_train --seed $S x\n", file="t.sh").problems

    assert "`x` becomes the value" in problem.when


@pytest.mark.parametrize("script", ['N=\nrun_train --name "$N"\n', "N=\nrun_train --name=$N\n"])
def test_an_empty_text_that_does_reach_the_trainer_is_a_warning(script: str) -> None:
    launcher = read_launcher(script, file="t.sh")

    assert [(problem.code, problem.severity) for problem in launcher.problems] == [("R103", Severity.WARNING)]
    assert launcher.commands[0].words[-1].text in ("", "--name=")


def test_an_empty_variable_behind_a_switch_is_no_finding() -> None:
    script = "S=\nrun_train --ema $S --name x\n"

    assert read_launcher(script, file="t.sh").problems != ()
    assert read_launcher(script, file="t.sh", switches={"ema"}).problems == ()


def test_a_quoted_empty_text_as_written_is_no_finding() -> None:
    assert read_launcher('run_train --name ""\n', file="t.sh").problems == ()


def test_shell_that_cannot_be_parsed_is_one_warning_and_the_rest_is_used() -> None:
    launcher = read_launcher("run_train --a 1\nif then fi ((\n", file="t.sh")

    (problem,) = launcher.problems
    assert (problem.code, problem.severity) == ("R104", Severity.WARNING)
    assert problem.span is not None
    assert problem.span.line == 1
    assert _arguments(launcher) == [["--a", "1"]]


def test_variables_assigned_where_the_syntax_is_broken_are_unknown() -> None:
    launcher = read_launcher("A=1\nif then A=2 fi ((\nrun_train --a $A\n", file="t.sh")

    assert all(word.text != "1" for command in launcher.commands for word in command.words)


def test_unknown_text_that_is_run_is_not_called_broken() -> None:
    script = 'eval "$A )"\nbash -c "$B | (run_train --a 1"\n'

    assert read_launcher(script, file="t.sh").problems == ()


def test_a_script_without_training_has_no_findings_about_line_ends() -> None:
    assert read_launcher("echo a \\\r\n  --b\r\nls \\ \n  --c\n", file="t.sh").problems == ()


def _arguments(launcher: Launcher) -> list[list[str | None]]:
    return [[word.text for word in command.words] for command in launcher.commands]


def _agrees_with_bash(launcher: Launcher, script: str, folder: Path) -> bool:
    folder.mkdir(exist_ok=True)
    calls = run_with_bash(script, folder)
    if len(calls) != len(launcher.commands):
        return False
    return all(fits(command, call) for command, call in zip(launcher.commands, calls, strict=True))


def _applied(script: str, fix: Fix | None) -> str:
    assert fix is not None
    lines = script.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for edit in sorted(fix.edits, key=_place, reverse=True):
        start = starts[edit.span.line] + edit.span.column
        end = starts[edit.span.end_line] + edit.span.end_column
        script = script[:start] + edit.replacement + script[end:]
    return script


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start
