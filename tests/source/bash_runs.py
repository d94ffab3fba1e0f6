"""Runs small launchers with real bash and a stand-in for the trainer that records its arguments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mace_scf.source.launcher import TrainingCommand, Word

_BASH = shutil.which("bash")
_RECORDER = '#!/bin/sh\nprintf "%s\\0" "$#" "$@" >> "$RECORD"\n'

needs_bash = pytest.mark.skipif(_BASH is None, reason="bash is not installed")


def run_with_bash(script: str, folder: Path) -> list[list[str]]:
    """The argument lists that a stand-in for the trainer was called with."""
    tools, work = folder / "bin", folder / "work"
    tools.mkdir()
    work.mkdir()
    (work / "data.xyz").write_text("")
    (tools / "run_train").write_text(_RECORDER)
    (tools / "run_train").chmod(0o755)
    (folder / "train.sh").write_text(script, encoding="utf-8", newline="")
    record = folder / "record"
    environment = {
        "PATH": f"{tools}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "RECORD": str(record),
        "LC_ALL": "C.UTF-8",
    }
    subprocess.run(
        [str(_BASH), "../train.sh"], cwd=work, env=environment, timeout=20, capture_output=True, check=False
    )
    return _calls(record.read_bytes().decode() if record.exists() else "")


def _calls(record: str) -> list[list[str]]:
    words = record.split("\0")[:-1]
    calls = []
    while words:
        count = int(words[0])
        calls.append(words[1 : count + 1])
        words = words[count + 1 :]
    return calls


def fits(command: TrainingCommand, call: list[str]) -> bool:
    """Whether the call is one that the reader's words, unknown ones included, allow."""
    joined = "".join(f"{word}\0" for word in call)
    return re.fullmatch("".join(map(_expression, command.words)), joined, re.DOTALL) is not None


def _expression(word: Word) -> str:
    if word.text is not None:
        return re.escape(word.text) + "\0"
    if word.many and word.prefix:
        return re.escape(word.prefix) + "(?:[^\0]*\0)+"
    if word.why_unknown == "it is empty here":
        return ""
    return "(?:[^\0]*\0)*" if word.many else re.escape(word.prefix) + "[^\0]*\0"
