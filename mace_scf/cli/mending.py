"""`--fix` and `--diff`: carrying out fixes, or showing what they would change."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import attrs

from ..checker import Request, check_text
from ..diagnostics import Report
from ..errors import UnreadableInputError
from ..fixing import Fixed, diff, fix_all
from ..inputs import STANDARD_INPUT, Text, byte_order_mark, read_text, replace_text
from ..resolve import ValidatedStage


def mend(
    text: Text, request: Request, report: Report[ValidatedStage], sources: dict[str, str], *, unsafe: bool,
    only_show: bool,
) -> Report[ValidatedStage]:  # fmt: skip
    """Mend the config and its launcher.

    Args:
        text: the config that was checked.
        request: how.
        report: on it.
        sources: characters of every file of the report, by name; brought up to date.
        unsafe: also with fixes that may not be what was meant.
        only_show: print a diff, and leave the files as they are.

    Returns:
        the report on what was written, or on the files as they are.
    """
    if text.name == STANDARD_INPUT and not only_show:
        raise UnreadableInputError(text.name, "standard input cannot be changed; --diff shows what would be")
    before = {name: sources[name] for name in report.files}

    def check(texts: Mapping[str, str]) -> Report[ValidatedStage]:
        changed = attrs.evolve(text, text=texts.get(text.name, text.text))
        return check_text(changed, attrs.evolve(request, texts=texts))

    fixed = fix_all(before, check, unsafe=unsafe)
    if only_show:
        _show(before, fixed)
        return report
    _write(before, fixed)
    sources.update(fixed.texts)
    return fixed.report


def _show(before: Mapping[str, str], fixed: Fixed) -> None:
    marks = {name: byte_order_mark(name) for name in before}
    texts = [{name: marks[name] + text for name, text in each.items()} for each in (before, fixed.texts)]
    sys.stdout.write(diff(*texts))


def _write(before: Mapping[str, str], fixed: Fixed) -> None:
    changed = {name: mended for name, mended in fixed.texts.items() if mended != before[name]}
    for name in changed:
        if read_text(name).text != before[name]:
            raise UnreadableInputError(name, "has changed while it was checked; nothing was written")
    for name, mended in changed.items():
        replace_text(name, mended)
    for line in fixed.done:
        print(f"fixed {line}", file=sys.stderr)
    if fixed.guesses:
        print(f"{fixed.guesses} more with --unsafe-fixes; check that they are what you mean", file=sys.stderr)
