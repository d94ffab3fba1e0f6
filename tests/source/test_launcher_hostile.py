"""Whatever the text, the reader neither raises nor hangs, and every place lies inside the text."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mace_scf.diagnostics import Span
from mace_scf.source import shell_source
from mace_scf.source.launcher import Launcher, names_config, read_launcher

_PIECES = [
    *"ab1 \t\n\r\"'`$\\#;&|<>(){}[]*?!~=,-+:%@^/.é\x00\ud800\ue001\ufeff\u2028",
    *("run_train --a 1 \\\n", "--config ", "python ", "A=1 ", "A+=(", "A=(", "$A ", '"${A[@]}"', "$@", "$1 ", "$(", "$(("),
    *("${A:-", "${A%", "${A/", "${#A}", "${!A", "${", "))", "[[ ", " ]]", "f() { ", "f; ", "f ", "if ", "; then ", "; fi\n"),
    *("else ", "elif ", "for i in ", "; do ", "; done\n", "while ", "until ", "case ", " in ", ") ", ";; ", "esac\n"),
    *("function ", "select ", "time ", "coproc ", "! ", "&& ", "|| ", "<<EOF\n", "EOF\n", "<<<", "<(", "2>&1", "\\ \n", "\\\r\n"),
    *("eval ", "bash -c '", 'sbatch --wrap="', "source x\n", "set -- ", "shift ", "read -a A <<< ", "local ", "export ", "declare "),
    *("return ", "exit ", "break ", "cd ", "unset ", "exec ", "{a,b}", "{1..9}", "X=$X$X\n", "run_train ", "mace-scf ", "srun -n "),
]  # fmt: skip

# Units that are repeated up to 64 kB: deep nesting, open quotes, growth, long flat lists.
_UNITS = {
    "parentheses": "(",
    "substitutions": "$(",
    "quoted-substitutions": '"$(',
    "braces": "${a:-",
    "brace-groups": "{a,",
    "brace-product": "{a,b}",
    "arithmetic": "$((",
    "arithmetic-commands": "((i++)) ",
    "backticks": "`",
    "quotes": '"',
    "single-quotes": "a'",
    "pipes": "a|",
    "pipes-on-lines": "a |\n",
    "and": "a&&",
    "or": "a||b ",
    "background": "a& ",
    "redirections": ">",
    "here-documents": "<<A\n",
    "here-strings": "<<<",
    "arrays": "a=(",
    "brackets": "a[",
    "tests": "[[ a && ",
    "if": "if a;then ",
    "if-else": "if a;then b;else ",
    "case": "case a in a) ",
    "for": "for i in a;do ",
    "closed-loops": "for i in a;do b=$b$i;done\n",
    "while": "while a;do ",
    "functions": "f(){ ",
    "calls": "f(){ f;f; };f\n",
    "groups": "{ ",
    "backslashes": "\\",
    "continuations": "\\\n",
    "cut-continuations": "run_train \\ \n --a\n",
    "lost-options": "run_train a\n--b\n",
    "comments": "run_train \\\n# c\n--a\n",
    "nul": "\0",
    "binary": "\x7fELF\x01\x00\xff\udcff",
    "carriage-returns": "run_train --a\r\n",
    "growth": "X=$X$X\n",
    "array-growth": 'A+=("${A[@]}" b)\n',
    "growing-values": 'X="$X$X y"; run_train $X\n',
    "patterns": "${X%*a*b*c}",
    "commands": "run_train --config c\n",
    "words": "run_train " + "a " * 500 + "\n",
    "assignments": "A=1 ",
    "assignments-and-braces": "${X%*}{--config",
    "brackets-and-backticks": "] ` > ",
    "evaluation": "eval 'eval \"run_train\"'\n",
    "wraps": "bash -c 'run_train'\n",
    "flags": "--a\n",
    "euro": "€",
    "newlines": "\n",
    "tabs": "\t",
    "exits": "exit;",
}  # fmt: skip


def _assert_sound(text: str) -> Launcher:
    launcher = read_launcher(text, file="t.sh")
    lines = text.split("\n")
    for span in _spans(launcher):
        assert span.file == "t.sh"
        assert (0, 0) <= span.start <= span.end
        assert span.end_line < len(lines)
        assert span.column <= len(lines[span.line])
        assert span.end_column <= len(lines[span.end_line])
    for command in launcher.commands:
        names_config(command)
        for word in command.words:
            assert (word.text is None) == bool(word.why_unknown)
    return launcher


def _spans(launcher: Launcher) -> Iterator[Span]:
    for command in launcher.commands:
        yield command.span
        for word in (command.program, *command.words):
            yield word.span
            if word.origin is not None:
                yield word.origin
    for problem in launcher.problems:
        assert problem.span is not None
        yield problem.span
        yield from (label.span for label in problem.labels)
        yield from (edit.span for edit in problem.fix.edits) if problem.fix else ()


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
@example("run_train --a \\ \\ \n")
@example("\\")
@example("run_train \\")
@example("$")
@example("A=(")
@example("<<\n")
@example("bash -c '\ue000 run_train $X'")
def test_no_shell_like_text_breaks_the_reader(text: str) -> None:
    _assert_sound(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    _assert_sound(f"{text}\nrun_train {text}")


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=5).map("".join), st.integers(1, 300))
@settings(max_examples=100, deadline=None)
def test_no_repetition_breaks_the_reader(unit: str, times: int) -> None:
    _assert_sound(unit * times)


@pytest.mark.parametrize("name", _UNITS)
def test_deep_and_long_texts_of_moderate_size_are_read(name: str) -> None:
    unit = _UNITS[name]

    launcher = _assert_sound((unit * (4000 // len(unit)))[:4000])

    assert len(launcher.commands) <= 400


@pytest.mark.slow
def test_64_kb_of_anything_comes_back_in_time() -> None:
    # One process for all, with room for slow machines; on a quiet one each takes well under a second.
    code = (
        "from tests.source.test_launcher_hostile import _UNITS, _assert_sound\n"
        "for unit in _UNITS.values():\n"
        "    _assert_sound((unit * (65536 // len(unit)))[:65536])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        timeout=30 + 3 * len(_UNITS),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]


def test_a_text_beyond_all_bounds_is_said_to_be_unread() -> None:
    launcher = _assert_sound("run_train --a\n" * 40_000)

    (problem,) = launcher.problems
    assert problem.code == "R104"
    assert "too long" in problem.message


def test_deep_nesting_is_said_to_be_unread() -> None:
    launcher = _assert_sound("if a; then " * 60 + "run_train --a 1" + "; fi" * 60)

    assert launcher.commands == ()
    assert [problem.code for problem in launcher.problems] == ["R104"]


def test_ordinary_nesting_is_read() -> None:
    launcher = _assert_sound("if a; then " * 12 + "run_train --a 1" + "; fi" * 12)

    assert len(launcher.commands) == 1
    assert launcher.problems == ()


def test_functions_that_call_each_other_come_to_an_end() -> None:
    launcher = _assert_sound("f() { g; g; run_train --f; }\ng() { f; f; }\nA=1\nf\nrun_train $A\n")

    assert launcher.commands[-1].words[0].text is None


def test_a_short_script_is_read_however_slow_its_parser_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=0.2)  # a collection of garbage, or the parser's library, between two looks
    monkeypatch.setattr(shell_source, "thread_time", lambda: float(next(clock)))

    (command,) = read_launcher("run_train --config slow.yaml\n", file="t.sh").commands

    assert command.words[1].text == "slow.yaml"


def test_one_slow_look_at_a_long_script_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times = itertools.chain([0.0, 0.0, 0.0, 0.1], itertools.repeat(0.2))
    monkeypatch.setattr(shell_source, "thread_time", lambda: next(times))
    script = "# a comment of a long script\n" * 300 + "run_train --config slow.yaml\n"

    assert len(read_launcher(script, file="t.sh").commands) == 1
