"""From the text of a declaration file to an extension and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from typing import Any

import attrs

from ..catalog.trainer import Trainer
from ..diagnostics import Severity, Span
from ..source import Document, Mapping, Node, Scalar, Sequence, parse_yaml
from .declaration import SECTIONS, Draft, Edits, Extension, Patch, Removal, Section, named_by
from .problems import missing, unknown_key, unreadable, wrong_type
from .records import Record, list_fields, record_of
from .shapes import UNREAD, Plain, Problems, Shape

ACCEPTS = (
    "integer_weights",
    "bare_class_terms",
    "term_check",
    "file_suffixes",
    "test_suffixes",
    "shard_folders",
    "required",
    "required_labels",
    "leaves_out_unlabelled",
    "open_outputs",
)
"""Attributes of a trainer that say what it accepts."""

NAME = (r"[A-Za-z0-9][A-Za-z0-9_.-]*", "a name of letters, digits, - _ .")
DATE = (r"\d{4}-\d{2}-\d{2}", "an ISO date such as 2026-08-07")
HEAD: MappingType[str, Shape] = {
    "extends": Plain(str),
    "name": Plain(str, pattern=NAME),
    "dated": Plain(str, pattern=DATE),
    "doc": Plain(str),
}
"""What the file says of itself."""

REQUIRED = ("extends", "name")


def accepts_record() -> Record:
    """The record of what a trainer accepts."""
    return Record(Trainer, without=tuple(f.name for f in attrs.fields(Trainer) if f.name not in ACCEPTS))


@attrs.frozen(eq=False)
class Read:
    """What a file held.

    Attributes:
        extension: what it declares; ``None`` where it has errors.
        problems: everything found.
    """

    extension: Extension | None
    problems: tuple[Any, ...]


def read_extension(text: str, *, file: str) -> Read:
    """Read a declaration file; its mistakes are findings in it.

    Args:
        text: its characters.
        file: its name for places.
    """
    document = parse_yaml(text, file=file)
    problems: Problems = list(document.problems)
    extension = _extension(document, problems) if document.parsed else None
    broken = any(problem.severity >= Severity.ERROR for problem in problems)
    return Read(None if broken else extension, tuple(problems))


def _extension(document: Document, problems: Problems) -> Extension | None:
    root = document.mapping
    if root is None:
        what = "is empty" if document.root is None else "holds no mapping"
        advice = "write `extends: upstream`, a `name` and what the fork changes"
        problems.append(unreadable(f"this is no extension: it {what}", Span(document.file), advice=advice))
        return None
    legal = (*HEAD, "accepts", *(section.name for section in SECTIONS))
    problems += [unknown_key(entry.key, legal, "the extension") for entry in root if entry.name not in legal]
    absent = [name for name in REQUIRED if root.get(name) is None]
    if absent:
        problems.append(missing(absent, Span(document.file), "the extension"))
    head = {name: _head(name, shape, root, problems) for name, shape in HEAD.items()}
    accepts = root.get("accepts")
    edits = {section.name: _edits(section, root, problems) for section in SECTIONS if root.get(section.name)}
    accepted = accepts_record().values("accepts", accepts.value, problems) if accepts else {}
    if any(value is UNREAD for value in (*head.values(), accepted, *edits.values())) or absent:
        return None
    extends = root.get("extends")
    assert extends is not None
    node = accepts.value if accepts is not None and isinstance(accepts.value, Mapping) else None
    return Extension(
        document.file,
        **head,
        extends_span=extends.value.span,
        edits=edits,
        accepts=accepted,
        accepts_node=node,
    )


def _head(name: str, shape: Shape, root: Mapping, problems: Problems) -> Any:
    entry = root.get(name)
    return "" if entry is None else shape.read(name, entry.value, problems)


# --- one section ----------------------------------------------------------------------------------


def _edits(section: Section, root: Mapping, problems: Problems) -> Edits:
    entry = root.get(section.name)
    assert entry is not None
    if not isinstance(entry.value, Mapping):
        problems.append(wrong_type(section.name, entry.value, "a mapping of `add`, `change` and `remove`"))
        return Edits()
    readers: dict[str, Callable[[Section, Node, Problems], list[Any]]] = {
        "add": _drafts,
        "change": _patches,
        "remove": _removals,
    }
    parts: dict[str, Any] = {}
    for line in entry.value:
        if line.name in readers:
            parts[line.name] = tuple(readers[line.name](section, line.value, problems))
        else:
            problems.append(unknown_key(line.key, tuple(readers), f"`{section.name}`"))
    return Edits(**parts)


def _drafts(section: Section, node: Node, problems: Problems) -> list[Draft]:
    record, drafts = record_of(section), []
    for entry in _entries("add", node, problems):
        _check_name(section, entry.key, problems)
        values = record.values(entry.name, entry.value, problems, also=("like",))
        if values is UNREAD or not isinstance(entry.value, Mapping):
            continue
        like = entry.value.get("like")
        instead = "" if like else f"; or take what is not said here from another {section.word}: `like: NAME`"
        source = "" if like is None else Plain(str).read("like", like.value, problems)
        absent = [name for name in record.required if name not in values]
        if absent and not source:
            problems.append(
                missing(absent, entry.key.span, f"{section.word} `{entry.name}`", instead=instead)
            )
        drafts.append(Draft(entry.name, entry.key.span, entry.value, values, source))
    return drafts


def _patches(section: Section, node: Node, problems: Problems) -> list[Patch]:
    record, patches = record_of(section), []
    lists = list_fields(record)
    for entry in _entries("change", node, problems):
        values = record.values(entry.name, entry.value, problems, also=("more", "drop"))
        if values is UNREAD or not isinstance(entry.value, Mapping):
            continue
        more, drop = (entry.value.get(name) for name in ("more", "drop"))
        added = _parts("more", more.value, lists, problems) if more else {}
        dropped = _parts("drop", drop.value, dict.fromkeys(lists, _NAMES), problems) if drop else {}
        patches.append(Patch(entry.name, entry.key.span, entry.value, values, added, dropped))
    return patches


def _removals(section: Section, node: Node, problems: Problems) -> list[Removal]:
    if not isinstance(node, Sequence):
        problems.append(wrong_type("remove", node, "a list of names"))
        return []
    texts = [item for item in node.items if isinstance(item, Scalar)]
    problems += [wrong_type("remove", item, "names") for item in node.items if not isinstance(item, Scalar)]
    return [Removal(item.text, item.span) for item in texts]


def _parts(name: str, node: Node, shapes: MappingType[str, Shape], problems: Problems) -> dict[str, Any]:
    """Items to add or to take out, by attribute."""
    if not isinstance(node, Mapping):
        problems.append(wrong_type(name, node, "a mapping from lists to items"))
        return {}
    parts = {}
    for entry in node:
        if entry.name in shapes:
            parts[entry.name] = shapes[entry.name].read(entry.name, entry.value, problems)
        else:
            problems.append(unknown_key(entry.key, tuple(shapes), f"`{name}`"))
    return parts


def _entries(name: str, node: Node, problems: Problems) -> Mapping:
    if isinstance(node, Mapping):
        return node
    problems.append(wrong_type(name, node, "a mapping from names"))
    return Mapping((), node.span)


def _check_name(section: Section, key: Scalar, problems: Problems) -> None:
    """A field block is named with its slot; nothing has an empty name."""
    if not all(named_by(section, key.text).values()):
        phrase = (
            "a name with its slot, such as `update.MyUpdate`" if section.name == "field_blocks" else "a name"
        )
        problems.append(wrong_type(section.name, key, phrase))


@attrs.frozen
class _Names:
    """Names of items, whatever they look like."""

    def read(self, name: str, node: Node, problems: Problems) -> Any:
        """A list of words."""
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
        problems.append(wrong_type(name, node, "a list of names"))
        return UNREAD

    def schema(self) -> dict[str, Any]:
        """A list of scalars."""
        return {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}}


_NAMES = _Names()


def names_shape() -> Shape:
    """The shape of a list of names."""
    return _NAMES
