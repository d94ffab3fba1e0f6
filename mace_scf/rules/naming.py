"""Words that stand for rules on command lines and in project files: codes, slugs, and beginnings of codes."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import MaceScfError
from .registry import all_rules, rule_by_code


class UnknownRuleError(MaceScfError, LookupError):
    """A word that stands for no rule, given on a command line or in a call.

    Attributes:
        word: as it was given.
        suggestions: what it may have meant.
    """

    def __init__(self, word: str) -> None:
        self.word, self.suggestions = word, near_rules(word)
        hint = f"; did you mean {' or '.join(f'`{name}`' for name in self.suggestions)}?"
        super().__init__(f"there is no rule `{word}`{hint if self.suggestions else ''}")


def code_prefix(word: str) -> str | None:
    """Beginning of the codes that a word stands for; None where it stands for no rule.

    >>> code_prefix("L2"), code_prefix("unknown-term"), code_prefix("Q")
    ('L2', 'L101', None)
    """
    rule = rule_by_code(word)
    if rule is not None:
        return rule.code
    start = word.upper()
    return start if start and any(rule.code.startswith(start) for rule in all_rules()) else None


def known_prefix(word: str) -> str:
    """The same; raises UnknownRuleError."""
    prefix = code_prefix(word)
    if prefix is None:
        raise UnknownRuleError(word)
    return prefix


def near_rules(word: str) -> tuple[str, ...]:
    """Codes or slugs that a word may have meant."""
    from ..catalog.suggest import suggest

    names = tuple(name for rule in all_rules() for name in (rule.code, rule.slug))
    return suggest(word.upper() if len(word) <= 5 else word, names)


def rule_words() -> Iterator[tuple[str, str]]:
    """Every word in its one spelling, with what it stands for: beginnings, codes, slugs."""
    codes = [rule.code for rule in all_rules()]
    for size in (1, 2, 3):
        for start in sorted({code[:size] for code in codes}):
            yield start, f"Every rule whose code begins with {start}."
    for rule in all_rules():
        yield rule.code, f"{rule.title} By itself: {rule.severity.word}."
    for rule in all_rules():
        yield rule.slug, f"The same as {rule.code}."
