"""A config that a launcher writes: what is unknown in it, and findings at their places in the script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ..diagnostics import Diagnostic, Report, Span
from ..inputs import Text
from ..inputs.written import facts_about, unknown_in
from ..resolve import ValidatedStage
from ..source import Document, Entry, Mapping, Node, Scalar, Sequence
from ..source.edit import has_odd_line_ends
from ..source.written import WrittenFile


def with_gaps(document: Document, written: WrittenFile) -> Document:
    """The document with a mark on each value of which only the running script knows a part."""
    root = document.root
    return (
        document if root is None or not written.gaps else attrs.evolve(document, root=_marked(root, written))
    )


def _marked(node: Node, written: WrittenFile) -> Node:
    if isinstance(node, Scalar):
        return attrs.evolve(node, undecided=True) if written.is_gap(node.span) else node
    if isinstance(node, Sequence):
        return attrs.evolve(node, items=tuple(_marked(item, written) for item in node.items))
    return attrs.evolve(node, entries=tuple(_marked_entry(entry, written) for entry in node))


def _marked_entry(entry: Entry, written: WrittenFile) -> Entry:
    key = attrs.evolve(entry.key, undecided=written.is_gap(entry.key.span))
    return attrs.evolve(entry, key=key, value=_marked(entry.value, written))


def decided(findings: Iterable[Diagnostic], document: Document) -> tuple[Diagnostic, ...]:
    """Without what is said of values that only the running script knows."""
    unknown = tuple(_undecided(document.root)) if document.root is not None else ()
    return tuple(
        finding
        for finding in findings
        if finding.span is None or not any(span.covers(finding.span) for span in unknown)
    )


def in_script(report: Report[ValidatedStage], text: Text, script: str) -> Report[ValidatedStage]:
    """The report with places in the launcher.

    Args:
        report: on the text that is written.
        text: that text.
        script: characters of the launcher.
    """
    written = text.written
    assert written is not None
    mends = not has_odd_line_ends(script)
    findings = (_moved(finding, written, text.name, mends=mends) for finding in report.findings)
    return attrs.evolve(
        report, findings=tuple(findings), files=tuple(file for file in report.files if file != text.name),
        confirmed=(*facts_about(text), *report.confirmed),
        not_seen=(*report.not_seen, *unknown_in(text)),
    )  # fmt: skip


def _undecided(node: Node) -> Iterator[Span]:
    if isinstance(node, Scalar):
        if node.undecided:
            yield node.span
    elif isinstance(node, Mapping):
        for entry in node:
            yield from _undecided(entry.key)
            yield from _undecided(entry.value)
    else:
        for item in node.items:
            yield from _undecided(item)


def _moved(finding: Diagnostic, written: WrittenFile, file: str, *, mends: bool) -> Diagnostic:
    def place(span: Span) -> Span:
        return written.in_script(span) if span.file == file else span

    labels = tuple(attrs.evolve(label, span=place(label.span)) for label in finding.labels)
    moved = attrs.evolve(finding, span=finding.span and place(finding.span), labels=labels)
    if moved.fix is None or not any(edit.span.file == file for edit in moved.fix.edits):
        return moved
    here = all(edit.span.file == file for edit in moved.fix.edits)
    return attrs.evolve(moved, fix=written.fix_in_script(moved.fix) if mends and here else None)
