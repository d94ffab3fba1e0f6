"""Random scripts, read and run: what the reader claims to know is what bash hands over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mace_scf.source.launcher import read_launcher

from .bash_runs import fits, needs_bash, run_with_bash

_NAMES = st.sampled_from(["A", "B", "C"])
_ARRAYS = st.sampled_from(["L", "M"])
_LITERALS = st.sampled_from(
    ["1", "x", "--a", "a.tar.gz", "b/c.xyz", "x=1", "p-q", "{m,n}", "[1,2]", "k{1..2}"]
)


def _choice(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(*parts)


_VALUES = _choice(
    _LITERALS,
    st.just("''"),
    st.just("'p q'"),
    st.builds("${}".format, _NAMES),
    st.builds('"${}"'.format, _NAMES),
    st.builds('"${}_y"'.format, _NAMES.map(lambda name: f"{{{name}}}")),
    st.builds("${{{}:-d e}}".format, _NAMES),
    st.builds('"${{{}-f}}"'.format, _NAMES),
    st.builds("${{{}:+g h}}".format, _NAMES),
    st.builds("${{{}:=w}}".format, _NAMES),
    st.builds("${{{}%.*}}".format, _NAMES),
    st.builds("${{{}##*/}}".format, _NAMES),
    st.builds('"${{{}/x/z}}"'.format, _NAMES),
    st.builds("${{#{}}}".format, _NAMES),
    st.builds("${{{}[0]}}".format, _ARRAYS),
    st.builds("${{#{}[@]}}".format, _ARRAYS),
    st.just("$(echo u v)"),
    st.just('"$(echo u v)"'),
    st.just("$1"),
    st.just('"${2:-two}"'),
    st.just("$#"),
)
_WORDS = _choice(
    _VALUES,
    st.builds('"${{{}[@]}}"'.format, _ARRAYS),
    st.builds("${{{}[@]}}".format, _ARRAYS),
    st.builds('"${{{}[*]}}"'.format, _ARRAYS),
    st.builds("p${{{}[@]}}q".format, _ARRAYS),
    st.just('"$@"'),
    st.just("$*"),
    st.builds("--o={}".format, _VALUES),
)
_LISTS = st.lists(_WORDS, max_size=3).map(" ".join)
_PLAIN = st.sampled_from(["1", "2", "x", "u", "a.tar.gz"])
_OPERANDS = _choice(_PLAIN, st.builds("${}".format, _NAMES), st.builds('"${}"'.format, _NAMES), st.just("$#"))
_TESTS = _choice(
    st.sampled_from(
        ["true", "false", "[ -n x ]", "[[ -z x ]]", "! true", "[[ -f data.xyz ]]", "[ $# -gt 1 ]"]
    ),
    st.builds("[[ {} {} {} ]]".format, _OPERANDS, st.sampled_from(["==", "=", "!=", "-eq", "-lt"]), _PLAIN),
    st.builds("[ {} {} {} ]".format, _OPERANDS, st.sampled_from(["=", "!=", "-eq", "-ge"]), _PLAIN),
    st.builds("[ -n {} ]".format, _OPERANDS),
    st.builds("[[ -z {} ]]".format, _OPERANDS),
)
_SIMPLE = _choice(
    st.builds("{}={}".format, _NAMES, _VALUES),
    st.builds("{}+={}".format, _NAMES, _VALUES),
    st.builds("{}={} {}={}".format, _NAMES, _VALUES, _NAMES, _VALUES),
    st.builds("export {}={}".format, _NAMES, _VALUES),
    st.builds("unset {}".format, _NAMES),
    st.builds("{}=({})".format, _ARRAYS, _LISTS),
    st.builds("{}+=({})".format, _ARRAYS, _LISTS),
    st.builds("{}[1]={}".format, _ARRAYS, _VALUES),
    st.builds(": ${{{}:=dflt}}".format, _NAMES),
    st.builds("set -- {}".format, _LISTS),
    st.just("shift || true"),
    st.builds("read -r -a {} <<< {}".format, _ARRAYS, _VALUES),
    st.builds("read -r {} {} <<< {}".format, _NAMES, _NAMES, _VALUES),
    st.builds("run_train {}".format, _LISTS),
    st.builds("run_train {} \\\n  {} > log".format, _LISTS, _LISTS),
    st.builds("{}=new run_train {}".format, _NAMES, _LISTS),
    st.builds("f {}".format, _LISTS),
    st.builds('eval "{}=e"'.format, _NAMES),
    st.builds("bash -c 'run_train \"$0\" {}' {}".format, _LISTS.filter(lambda text: "'" not in text), _LISTS),
    st.builds("echo | {}=piped".format, _NAMES),
    st.just("((N++))"),
)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lines = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    return _choice(
        st.builds("if {}; then\n{}\nfi".format, _TESTS, lines),
        st.builds("if {}; then\n{}\nelse\n{}\nfi".format, _TESTS, lines, lines),
        st.builds("if {}; then\n{}\nelif {}; then\n{}\nfi".format, _TESTS, lines, _TESTS, lines),
        st.builds("case {} in\n1) {} ;;\nx|p*)\n{}\n;;\n*) {} ;;\nesac".format, _VALUES, inner, lines, inner),
        st.builds("for {} in {} x; do\n{}\ndone".format, _NAMES, _LISTS, lines),
        st.builds("for i in 1 2; do\n{}\n{} && break\n{}\ndone".format, lines, _TESTS, lines),
        st.builds("n=0; while [ $n -lt 2 ]; do n=$((n+1))\n{}\ndone".format, lines),
        st.builds("(\n{}\n)".format, lines),
        st.builds("{{\n{}\n}}".format, lines),
        st.builds("{} && {}".format, _TESTS, inner),
        st.builds("{} || {}".format, _TESTS, inner),
        st.builds("{} && {} || {}".format, _TESTS, inner, inner),
    )


_STATEMENTS = st.recursive(_SIMPLE, _blocks, max_leaves=6)
_BODIES = st.lists(
    _choice(
        _STATEMENTS,
        st.builds("local {}={}".format, _NAMES, _VALUES),
        st.builds("{} && return".format, _TESTS),
    ),
    min_size=1,
    max_size=3,
).map("\n".join)
_SCRIPTS = st.builds(
    'f() {{\n{}\n}}\n{}\nrun_train end $A ${{B}} "$C" "${{L[@]}}" ${{M[@]}} $# "$@"\n'.format,
    _BODIES.filter(lambda body: not re.search(r"(?:^|\s)f(?:\s|$)", body)),
    st.lists(_STATEMENTS, max_size=8).map("\n".join),
)


@needs_bash
@pytest.mark.slow
@given(script=_SCRIPTS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_scripts_hand_over_what_was_read(
    script: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    launcher = read_launcher(script, file="train.sh")

    calls = run_with_bash(script, Path(tmp_path_factory.mktemp("run")))

    assert [problem.code for problem in launcher.problems if problem.code != "R103"] == []
    for call in calls:
        assert any(fits(command, call) for command in launcher.commands), call
    for command in launcher.commands:
        assert command.conditional or any(fits(command, call) for call in calls), command
