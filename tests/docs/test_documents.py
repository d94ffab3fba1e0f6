"""What the documents show is what happens: commands are run, their output compared, Python blocks executed."""

from __future__ import annotations

import doctest
import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mace_scf.cli.main import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "examples").glob("**/README.md")),
]
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def blocks(path: Path) -> Iterator[tuple[str | None, str, str]]:
    """File name if the block is a file, language, text."""
    for match in BLOCK.finditer(path.read_text(encoding="utf-8")):
        yield match["file"], match["language"], match["text"]


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """Each `$ command` of a console block with what follows it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def consoles() -> list[Path]:
    return [path for path in DOCUMENTS if any(language == "console" for _, language, _ in blocks(path))]


def identity(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", consoles(), ids=identity)
def test_console_blocks_show_what_the_tool_prints(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    shown = path.read_text(encoding="utf-8")
    actual = shown
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")

    for file, language, text in blocks(path):
        if file is not None:
            (tmp_path / file).write_text(text, encoding="utf-8")
        for command, printed in sessions(text) if language == "console" else ():
            stream = io.StringIO()
            with redirect_stdout(stream):
                main(shlex.split(command)[1:])
            actual = actual.replace(f"$ {command}\n{printed}", f"$ {command}\n{stream.getvalue()}")

    if update_golden:
        path.write_text(actual, encoding="utf-8")
        shown = actual
    assert actual == shown


@pytest.mark.parametrize("path", DOCUMENTS, ids=identity)
def test_python_examples_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "110")

    failures, _ = doctest.testfile(str(path), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)

    assert failures == 0


@pytest.mark.parametrize("path", DOCUMENTS, ids=identity)
def test_links_lead_somewhere(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))

    missing = [target for target in targets if not (path.parent / target).exists()]

    assert missing == []


def test_the_two_commands_are_on_the_first_screen() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").split("\n")[:24])

    assert "<!-- main command -->\n```bash\n" in first_screen
    assert "<!-- test command -->\n```bash\n" in first_screen
    assert "-c constraints.txt" in first_screen
