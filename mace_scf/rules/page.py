"""A rule's docstring as a page in Markdown."""

from __future__ import annotations

import inspect
import re

from .rule import Rule

_HEADING = re.compile(r"^(What it checks|Why it matters|How to fix): (.)", re.MULTILINE)


def page_text(rule: Rule, example: str = "") -> str:
    """The page of a rule.

    Args:
        rule: which.
        example: Markdown put before the end, such as a config and what the tool says of it.
    """
    _, _, body = inspect.cleandoc(type(rule).__doc__ or "").partition("\n")
    sections = _HEADING.sub(lambda match: f"## {match[1]}\n\n{match[2].upper()}", _unwrapped(body.strip()))
    head = f"# {rule.code} {rule.slug}\n\n**{rule.severity.word}**: {rule.title}\n\n"
    return f"{head}{sections}\n{f'{chr(10)}{example}' if example else ''}"


def _unwrapped(text: str) -> str:
    """Paragraphs in one line each, as Markdown readers of any width want them; lists and code stay."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        paragraph if paragraph.startswith(("-", "    ", "`" * 3)) else " ".join(paragraph.split())
        for paragraph in paragraphs
    )
