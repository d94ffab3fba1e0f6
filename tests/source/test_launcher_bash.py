"""The reader against real bash: the arguments it resolves are those that the trainer gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from mace_scf.source.launcher import read_launcher

from .bash_runs import fits, needs_bash, run_with_bash
from .launcher_snippets import SNIPPETS


@needs_bash
@pytest.mark.parametrize("name", SNIPPETS)
def test_resolved_arguments_are_those_that_bash_hands_over(name: str, tmp_path: Path) -> None:
    script = SNIPPETS[name]
    launcher = read_launcher(script, file="train.sh")

    calls = run_with_bash(script, tmp_path)

    assert [problem for problem in launcher.problems if problem.code != "R103"] == []
    assert calls
    for call in calls:
        assert any(fits(command, call) for command in launcher.commands), call
    for command in launcher.commands:
        assert command.conditional or any(fits(command, call) for call in calls), command


def test_most_launchers_are_resolved_completely() -> None:
    # Branches, loops and what commands print are unknown on purpose; the rest of the table is not.
    unknown = sorted(name for name, script in SNIPPETS.items() if _has_unknown_word(script))

    assert len(unknown) <= len(SNIPPETS) // 4, unknown


def _has_unknown_word(script: str) -> bool:
    commands = read_launcher(script, file="train.sh").commands
    return any(word.text is None for command in commands for word in command.words)
