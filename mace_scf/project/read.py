"""A project file as settings with places: `mace-scf.yaml`, or the table `[tool.mace-scf]` of `pyproject.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any, Literal, get_args

import attrs

from ..diagnostics import Diagnostic, Span
from ..extension.problems import LEFT_OUT, unreadable
from ..extension.records import Record
from ..extension.shapes import UNREAD, Problems, Schema
from ..source import Entry, Mapping, Node, Scalar, Sequence, parse_yaml
from .find import PYPROJECT, TABLE
from .select import SeverityChoice

Level = Literal["error", "warning", "info", "off"]


@attrs.frozen(eq=False)
class Settings:
    """What a project file says.

    Attributes:
        extensions: Files of extensions, seen from the project file.
        entry_points: Look for extensions among the entry points of installed packages, too.
        severity: Severities other than those that rules have by themselves, by code, name of the rule, or beginning
            of codes (the longest counts); `off` leaves findings out.
    """

    extensions: tuple[str, ...] = ()
    entry_points: bool = False
    severity: tuple[tuple[str, Level], ...] = ()


@attrs.frozen(eq=False)
class Project:
    """A project file that was read.

    Attributes:
        file: its name.
        settings: what it says, defaults where it is silent.
        places: place of the value of each setting that was written.
        extension_places: place of each extension's name.
        severities: what it says of severities, with the keys.
        problems: what is wrong with it.
    """

    file: str
    settings: Settings = attrs.field(factory=Settings)
    places: dict[str, Span] = attrs.field(factory=dict)
    extension_places: tuple[Span, ...] = ()
    severities: tuple[SeverityChoice, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def read_project(text: str, *, file: str) -> Project:
    """Read the text of a project file; its mistakes are findings in it."""
    problems: Problems = []
    root = _toml(text, file, problems) if os.path.basename(file) == PYPROJECT else _yaml(text, file, problems)
    if root is None:
        return Project(file, problems=tuple(problems))
    values = _record().values("the project", root, problems)
    good = {name: value for name, value in values.items() if value is not UNREAD}
    places = {entry.name: entry.value.span for entry in root}
    listed = root.get("extensions")
    items = listed.value.items if listed is not None and isinstance(listed.value, Sequence) else ()
    mild = tuple(attrs.evolve(problem, when=_mildly(problem.when)) for problem in problems)
    return Project(
        file, Settings(**good), places, tuple(item.span for item in items), _severities(root), mild
    )  # fmt: skip


def _mildly(when: str) -> str:
    """One wrong setting spoils no other, as it does in an extension."""
    return "the setting is not used" if when == LEFT_OUT else when


def _severities(root: Mapping) -> tuple[SeverityChoice, ...]:
    """Every line that can be read, whatever is wrong with others."""
    entry = root.get("severity")
    lines = entry.value if entry is not None and isinstance(entry.value, Mapping) else ()
    return tuple(
        SeverityChoice(line.key, line.value.text)
        for line in lines
        if isinstance(line.value, Scalar) and line.value.text in get_args(Level)
    )


def _record() -> Record:
    return Record(Settings)


def emit_project_schema(rules: Iterable[tuple[str, str]]) -> Schema:
    """The schema of `mace-scf.yaml`, draft 07.

    Args:
        rules: every word for rules that `severity` takes, with what it stands for.
    """
    schema = _record().schema()
    severity = schema["properties"]["severity"]
    level = severity["additionalProperties"]
    severity["properties"] = {word: {**level, "description": text} for word, text in rules}
    severity["additionalProperties"] = False
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:mace-scf:project",
        "title": "mace-scf project file",
        "description": "What a team sets for a folder and everything below it.",
        **schema,
    }


def _yaml(text: str, file: str, problems: Problems) -> Mapping | None:
    document = parse_yaml(text, file=file)
    problems += document.problems
    if document.parsed and document.root is not None and document.mapping is None:
        advice = "write `extensions: [fork.yaml]`"
        problems.append(unreadable("the project file holds no mapping", Span(file), advice=advice))
    return document.mapping


# --- pyproject.toml -------------------------------------------------------------------------------


def _toml(text: str, file: str, problems: Problems) -> Mapping | None:
    import tomllib

    try:
        content: Any = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # TOML's own errors are ValueErrors; so is a number of 5,000 digits
        problems.append(
            unreadable(f"this is no TOML: {error}", _error_place(str(error), file), advice="mend the file")
        )
        return None
    table = content.get("tool", {}).get("mace-scf", {}) if isinstance(content.get("tool", {}), dict) else {}
    return _Places(text, file).mapping(table) if isinstance(table, dict) else None


def _error_place(message: str, file: str) -> Span:
    match = re.search(r"at line (\d+), column (\d+)", message)
    line, column = (int(match[1]) - 1, int(match[2]) - 1) if match else (0, 0)
    return Span(file, line, column, line, column)


@attrs.frozen
class _Places:
    """TOML values as nodes; the library gives no places, so they are found again in the text."""

    text: str
    file: str

    def mapping(self, table: dict[str, Any]) -> Mapping:
        """A table; the style of its keys keeps them from being rewritten."""
        entries = (
            Entry(Scalar(name, '"', self._find(name)), self._node(value)) for name, value in table.items()
        )
        return Mapping(tuple(entries), self._find(f"[{TABLE}"))

    def _node(self, value: Any) -> Node:
        if isinstance(value, dict):
            return self.mapping(value)
        if isinstance(value, list):
            return Sequence(tuple(map(self._node, value)), self._find(f"[{TABLE}"))
        if isinstance(value, str):
            return Scalar(value, '"', self._find(value))
        return Scalar(str(value).lower(), "", self._find(str(value).lower()))

    def _find(self, word: str) -> Span:
        start = max(self.text.find(f"[{TABLE}"), 0)
        at = self.text.find(word, start)
        at, length = (start, 0) if at < 0 else (at, len(word))
        line, column = self.text.count("\n", 0, at), at - (self.text.rfind("\n", 0, at) + 1)
        return Span(self.file, line, column, line, column + length)
