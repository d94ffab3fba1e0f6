"""What becomes of the findings of the rules on their way into a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from ..config.literal import Literal, sound_fix
from ..diagnostics import Diagnostic, Severity, sorted_findings
from ..diagnostics.unshown import NOT_SELECTED, Unshown
from ..rules import Context, run_rules
from ..rules.data_facts import FILES
from ..rules.levels import Levels
from ..rules.naming import code_prefix
from ..source import Document
from ..source.edit import has_odd_line_ends
from .request import Request


def found(context: Context, texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Every finding that no comment silences, with its path in the config.

    Args:
        context: what was seen of the run.
        texts: the config and its launcher, by file name, for comments and line ends.
    """
    odd = frozenset(name for name, content in texts.items() if has_odd_line_ends(content))
    literals = context.effective.literals
    sound = (_with_sound_fix(finding, literals, odd) for finding in run_rules(context))
    everything = unsilenced(sound, texts, lambda code: _could_be_found(code, context))
    return _with_paths(everything, context.document) if everything else ()


def told(findings: Iterable[Diagnostic], levels: Levels, request: Request) -> tuple[Diagnostic, ...]:
    """What is wanted, in order, with severities as they were set."""
    return sorted_findings(finding for finding in levels.apply(findings) if request.wanted(finding.code))


def unshown(findings: Iterable[Diagnostic], levels: Levels, request: Request) -> tuple[Unshown, ...]:
    """Errors of the trainer that :func:`told` leaves out or makes something else of."""
    errors = dict.fromkeys(finding for finding in findings if finding.severity is Severity.ERROR)
    reasons = ((error, levels.instead_of_error(error.code)) for error in errors)
    return tuple(
        Unshown(error, reason if request.wanted(error.code) else NOT_SELECTED)
        for error, reason in reasons if reason or not request.wanted(error.code)
    )  # fmt: skip


def _with_sound_fix(finding: Diagnostic, literals: Sequence[Literal], odd: frozenset[str]) -> Diagnostic:
    """No fix where places are not certain; in literals one in the words of Python."""
    if finding.fix is None or not (literals or odd):
        return finding
    if any(edit.span.file in odd for edit in finding.fix.edits):
        return attrs.evolve(finding, fix=None)
    return attrs.evolve(finding, fix=sound_fix(finding.fix, literals))


def _could_be_found(word: str, context: Context) -> bool:
    """What depends on data is looked for where all of them were there, with every number."""
    data, code = context.data, code_prefix(word) or word
    if not code.startswith("D"):
        return True
    given = [name for name, option in FILES.items() if context.run.option(option).given]
    return data.measuring.values and bool(given) and all(data.split(name) is not None for name in given)


def unsilenced(
    findings: Iterable[Diagnostic],
    texts: Mapping[str, str],
    could_be_found: Callable[[str], bool] = lambda code: True,
) -> tuple[Diagnostic, ...]:
    """What comments in the config and its launcher do not silence, and findings about such comments."""
    if not any("mace-scf:" in content for content in texts.values()):
        return tuple(findings)
    from ..source.ignore import read_ignores, sift

    ignores = [ignore for name, content in texts.items() for ignore in read_ignores(content, file=name)]
    sifted = sift(findings, ignores, could_be_found=could_be_found)
    return (*sifted.kept, *sifted.about)


def _with_paths(findings: Iterable[Diagnostic], document: Document) -> tuple[Diagnostic, ...]:
    """Each with the keys that lead to its place in the config."""
    from ..source.locate import Locator

    locator = Locator(document.root)
    return tuple(
        attrs.evolve(finding, path=locator.path(finding.span))
        if finding.span is not None and finding.span.file == document.file
        else finding
        for finding in findings
    )
