"""What a report has to leave unknown, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..config import RunConfig

if TYPE_CHECKING:
    from ..source.launcher import Word


def not_seen(run: RunConfig, spreading: Sequence[Word], *, open_ended: bool) -> str:
    """On options that may still be given.

    Args:
        run: as far as it was seen.
        spreading: words of the command that may stand for any option.
        open_ended: the command has arguments of unknown number.
    """
    if open_ended:
        return f"{_open_words(spreading)}: absent options stay unknown"
    missing = "the command line" if not run.is_fragment else "heads, epochs and the command line"
    return f"{missing}: what depends on them stays unknown (give a launcher, `-- options`, or --complete)"


def _open_words(words: Sequence[Word]) -> str:
    """Which words of the training command may be more than one option, and what would make them one."""
    if not words:
        return "the training command has arguments that depend on its environment"
    first = words[0]
    more = f" and {len(words) - 1} more" if len(words) > 1 else ""
    advice = "" if first.quoted or "@" in first.raw else "; quotes would make one word of it"
    return f"what `{first.raw}` of the training command stands for ({first.span.shown}{more}{advice})"
