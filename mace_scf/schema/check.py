"""Run a document through the JSON Schema and say what is wrong in this project's words, with places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic
from ..source import Mapping, Node
from ..source import Sequence as SequenceNode
from .numbering import with_number
from .validator import schema_for, validator_of

_MAX_REPAIRS = 6  # mistyped parents inside mistyped parents: no config has more levels


@attrs.frozen(eq=False, repr=False)
class Checked:
    """What the schema says.

    Attributes:
        root: the document with mistyped keys under their likely names, so that checking goes on beneath.
        findings: one per cause.
    """

    root: Mapping
    findings: tuple[Diagnostic, ...]


def check_schema(root: Mapping, trainer: Trainer) -> Checked:
    """Validate; a key that is surely a mistyped one is checked as what was meant.

    Args:
        root: the run's top level.
        trainer: whose schema applies.
    """
    root, about_numbers = with_number(root, trainer)
    unknown = list(about_numbers)
    for _ in range(_MAX_REPAIRS):
        errors = list(validator_of(trainer).iter_errors(_seen(root)))
        strange = [error for error in errors if error.validator == "additionalProperties"]
        if not strange:
            break
        mended = _with_known_keys(root, strange, trainer)
        unknown += mended.findings
        if mended.root is root:
            break
        root = mended.root
    return Checked(root, tuple(dict.fromkeys([*unknown, *_of_values(errors, root)])))


def _of_values(errors: Iterable[Any], root: Mapping) -> Iterator[Diagnostic]:
    for error in errors:
        if error.validator != "additionalProperties":
            from .faults import findings_of  # paid for where a value is wrong

            yield from findings_of(error, root)


def _with_known_keys(root: Mapping, errors: Iterable[Any], trainer: Trainer) -> Checked:
    """What is said of unknown keys, and the document with those that were surely meant."""
    from .unknown_keys import unknown_keys, with_renames

    found = [unknown_keys(error, root, trainer) for error in errors]
    renames = [rename for _, each in found for rename in each]
    return Checked(with_renames(root, renames), tuple(finding for each, _ in found for finding in each))


def _seen(root: Mapping) -> dict[str, Any]:
    """The document as an editor reads it; numbers that only the trainer's reader knows are numbers."""
    return {
        entry.name: _seen_value(entry.value, nested=entry.name == "train_schedule") for entry in root.entries
    }


def _seen_value(node: Node, *, nested: bool) -> Any:
    """In a block a text in quotes is no number, and keeps them: at the top level the trainer converts texts."""
    if isinstance(node, Mapping):
        return {entry.name: _seen_value(entry.value, nested=nested) for entry in node.entries}
    if isinstance(node, SequenceNode):
        return [_seen_value(item, nested=nested) for item in node.items]
    value, meant = node.editor_value, node.trainer_value
    if isinstance(value, str) and type(meant) in (int, float) and ":" not in value:
        return meant
    if nested and isinstance(value, str) and not node.is_plain and _LIKE_A_NUMBER.fullmatch(value):
        return f"'{value}'"
    return value


_LIKE_A_NUMBER = re.compile(r"[-+]?(0[bx][0-9a-fA-F_]+|[0-9][0-9.]*_[0-9_.eE+-]*)")


__all__ = ["Checked", "check_schema", "schema_for"]
