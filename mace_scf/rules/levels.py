"""Severities as a team wants them: another level for some codes, none for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import attrs

from ..diagnostics import Diagnostic, Severity
from ..diagnostics.unshown import LOWERED, SWITCHED_OFF
from ..errors import MaceScfError
from ..project import SeverityChoice
from .naming import code_prefix, known_prefix, near_rules, rule_words

OFF = "off"
WORDS: Mapping[str, Severity | None] = {
    **{severity.word: severity for severity in sorted(Severity, reverse=True)},
    OFF: None,
}
"""What may be written, and the severity; None leaves the finding out."""


class UnknownLevelError(MaceScfError, ValueError):
    """A level that is none, given on a command line or in a call."""

    def __init__(self, code: str, level: str) -> None:
        super().__init__(f"the severity of `{code}` is {', '.join(WORDS)}, not `{level}`")


@attrs.frozen
class _Level:
    """One line of a table: the codes, their severity, and how much it outweighs other lines."""

    prefix: str
    severity: Severity | None
    rank: tuple[int, int]


@attrs.frozen(eq=False)
class Levels:
    """Severities by code.

    Attributes:
        levels: lines of the tables; what was given for this check outweighs the project file, then the
            longer beginning of a code the shorter one.
        problems: words in the project file that stand for no rule.
    """

    levels: tuple[_Level, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    def apply(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings that are left, with their severities."""
        for finding in findings:
            level = self._of(finding.code)
            if level is None:
                yield finding
            elif level.severity is not None:
                yield attrs.evolve(finding, severity=level.severity)

    def facts(self, findings: Iterable[Diagnostic]) -> tuple[str, ...]:
        """One phrase on what :meth:`apply` does to these findings, if anything."""
        changed: Counter[tuple[str, str]] = Counter()
        for finding in findings:
            level = self._of(finding.code)
            if level is not None and level.severity is not finding.severity:
                changed[finding.code, OFF if level.severity is None else level.severity.word] += 1
        if not changed:
            return ()
        parts = (f"{code} {word} ({count})" for (code, word), count in sorted(changed.items()))
        return (f"another severity was chosen: {', '.join(parts)}",)

    def instead_of_error(self, code: str) -> str:
        """What becomes of errors of that code; "" if they stay errors."""
        level = self._of(code)
        if level is None or level.severity is Severity.ERROR:
            return ""
        return SWITCHED_OFF if level.severity is None else LOWERED

    def _of(self, code: str) -> _Level | None:
        fitting = (level for level in reversed(self.levels) if code.startswith(level.prefix))
        return max(fitting, key=lambda level: level.rank, default=None)


def read_levels(choices: Iterable[SeverityChoice], given: Mapping[str, str]) -> Levels:
    """What the project file and this check say of severities.

    Args:
        choices: of the project file; mistakes in them are findings.
        given: code, slug or beginning of codes to a word.

    Raises:
        UnknownRuleError, UnknownLevelError: for what was given.
    """
    choices = tuple(choices)
    levels = [*filter(None, map(_chosen, choices)), *(_given(code, word) for code, word in given.items())]
    return Levels(
        tuple(levels), tuple(_unknown(choice) for choice in choices if not _is_word(choice.key.text))
    )


def _unknown(choice: SeverityChoice) -> Diagnostic:
    from ..extension.problems import unknown_rule  # not loaded where there is no project file

    return unknown_rule(choice.key, _near(choice))


def _chosen(choice: SeverityChoice) -> _Level | None:
    word = choice.key.text
    prefix = code_prefix(word) if _is_word(word) else None
    return None if prefix is None else _Level(prefix, WORDS[choice.level], (0, len(prefix)))


def _given(code: str, word: str) -> _Level:
    if word not in WORDS:
        raise UnknownLevelError(code, word)
    prefix = known_prefix(code)
    return _Level(prefix, WORDS[word], (1, len(prefix)))


def _is_word(word: str) -> bool:
    """In the one spelling that the schema of the project file has, too."""
    return word in dict(rule_words())


def _near(choice: SeverityChoice) -> tuple[str, ...]:
    prefix = code_prefix(choice.key.text)
    return (prefix,) if prefix is not None else near_rules(choice.key.text)
