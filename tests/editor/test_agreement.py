"""What an editor marks the checker calls an error at the same place, and a config that passes has no mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mace_scf.checker import Request, check_text
from mace_scf.diagnostics import Diagnostic, Severity, Span
from mace_scf.inputs import Text
from tests.editor.client import LanguageServer
from tests.editor.configs import ROOT, configs
from tests.editor.test_yaml_language_server import command, fresh, server

__all__ = ["command", "server"]  # fixtures

pytestmark = pytest.mark.node

AT_ONCE = 50
MARKED = (1, 2)  # errors and warnings of the protocol; hints are none
UNREADABLE = frozenset(("C003", "C004"))
GIVEN_UP = frozenset(("C001", "C002", "C005"))  # no YAML, no config, no end
OF_ANOTHER_TRAINER = re.compile("--trainer|--extension|^extends:", re.MULTILINE)


def _is_upstream(path: Path) -> bool:
    """A config that the upstream schema is for."""
    if path.name.endswith(".dataset.yaml") or any(path.parent.glob("mace-scf.yaml")):
        return False
    try:
        return OF_ANOTHER_TRAINER.search(path.read_text(encoding="utf-8")) is None
    except UnicodeDecodeError:
        return False


EXAMPLES = sorted(
    filter(_is_upstream, (
        *ROOT.glob("examples/*/config.yaml"), *ROOT.glob("examples/broken/*.yaml"),
        *ROOT.glob("tests/rules/*/*/example.yaml"), *ROOT.glob("tests/rules/*/*/case-*.yaml"),
        *ROOT.glob("tests/rules/*/*/ok-*.yaml"),
    ))
)  # fmt: skip


def look(running: LanguageServer, texts: Sequence[str], folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The marks of each text."""
    for start in range(0, len(texts), AT_ONCE):
        uris = [running.open(fresh(folder), text) for text in texts[start : start + AT_ONCE]]
        for found in running.all_diagnostics(uris):
            yield [mark for mark in found if mark["severity"] in MARKED]
        for uri in uris:
            running.close(uri)


def check(text: str) -> tuple[Diagnostic, ...]:
    """The checker's errors, with no more in sight than an editor has."""
    report = check_text(Text("c.yaml", text, "."), Request(launcher=False, data=False, project=False))
    return tuple(
        finding for finding in report.findings
        if finding.severity is Severity.ERROR and finding.span and finding.span.file == "c.yaml"
    )  # fmt: skip


def disagreements(text: str, marks: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Marks that no error of the checker answers for."""
    errors = check(text)
    if any(error.code in GIVEN_UP for error in errors):
        return  # what an editor makes of the rest of such a text is its own affair
    for mark in marks:
        if not any(_answers(error, mark) for error in errors):
            place = mark["range"]["start"]
            shown = "; ".join(f"{error.code} {error.span} {error.message}" for error in errors)
            yield f"{place['line'] + 1}:{place['character'] + 1} {mark['message']} — {shown or 'passes'}\n{text}"


def _answers(error: Diagnostic, mark: dict[str, Any]) -> bool:
    assert error.span is not None
    if mark.get("source") == "YAML":  # of the syntax: each parser has its own idea where a duplicate is
        return error.code in UNREADABLE
    if (
        error.code == "S102"
        and mark["message"].endswith("is not allowed.")
        and error.span.start <= _start(mark)
    ):
        return True  # stages without numbers are one mistake, told at the first
    return _meets(error.span, mark) or _in_what_is_dropped(error, mark) or _is_the_same_slip(error, mark)


def _start(mark: dict[str, Any]) -> tuple[int, int]:
    return mark["range"]["start"]["line"], mark["range"]["start"]["character"]


def _meets(span: Span, mark: dict[str, Any]) -> bool:
    """They share a character, or stand in one line where one of them is empty."""
    end = (mark["range"]["end"]["line"], mark["range"]["end"]["character"])
    end = max(end, _start(mark))  # the server joins marks of one message, and may end before it starts
    if _start(mark) == end or span.start == span.end:
        return span.line <= _start(mark)[0] <= span.end_line
    return _start(mark) < span.end and span.start < end


def _in_what_is_dropped(error: Diagnostic, mark: dict[str, Any]) -> bool:
    """In the first of two entries with one key, of which the trainer sees the second."""
    first = error.labels[0].span if error.code == "C003" and error.labels else None
    return first is not None and error.span is not None and first.start <= _start(mark) < error.span.start


def _is_the_same_slip(error: Diagnostic, mark: dict[str, Any]) -> bool:
    """A mistyped key is also a missing one; the checker says once what it was meant to be."""
    missing = re.match(r'Missing property "(\w+)"', mark["message"])
    return (
        missing is not None
        and missing[1] in error.suggestions
        and _start(mark) < (error.span or Span("")).start
    )


def trouble(running: LanguageServer, texts: Sequence[str], folder: Path) -> list[str]:
    found = zip(texts, look(running, texts, folder), strict=True)
    return [complaint for text, marks in found for complaint in disagreements(text, marks)]


def test_some_configs_are_seen_alike(server: LanguageServer, tmp_path: Path) -> None:
    assert trouble(server, list(configs(40, seed=1)), tmp_path)[:5] == []


@pytest.mark.slow
def test_hundreds_of_configs_are_seen_alike(server: LanguageServer, tmp_path: Path) -> None:
    texts = list(configs(500, seed=2))

    marked = [bool(marks) for marks in look(server, texts, tmp_path)]

    assert 100 < sum(marked) < 400
    assert trouble(server, texts, tmp_path)[:5] == []


@pytest.mark.slow
def test_examples_and_cases_of_rules_are_seen_alike(server: LanguageServer, tmp_path: Path) -> None:
    texts = [re.sub("# yaml-language-server.*", "#", path.read_text(encoding="utf-8")) for path in EXAMPLES]

    assert len(texts) > 500
    assert trouble(server, texts, tmp_path)[:5] == []
