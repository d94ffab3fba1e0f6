"""The form that `mace-scf profile -o` writes: its JSON Schema, and what is wrong where somebody changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingType
from typing import Any

from ..dataset.card import CARD_VERSION
from ..diagnostics import Diagnostic
from ..extension.problems import contradiction, missing, unknown_key, wrong_type
from ..extension.shapes import Schema
from ..source import Entry, Mapping, Node, Scalar, editor_object, entry_at
from ..source import Sequence as SequenceNode

COUNT: Schema = {"type": "integer", "minimum": 0}
_HASHES = ("frame_hashes", "block_hashes")
_INDEX: Schema = {"type": "integer", "minimum": -1}
_TEXT: Schema = {"type": "string"}
_PHRASES = {
    "object": "a mapping", "array": "a list", "string": "a text", "integer": "a whole number",
    "number": "a number", "boolean": "true or false", "null": "nothing",
}  # fmt: skip


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _row(*cells: Schema, at_least: int | None = None, more: bool | Schema = False) -> Schema:
    """A list with a meaning for each place."""
    return {
        "type": "array", "items": list(cells), "additionalItems": more,
        "minItems": len(cells) if at_least is None else at_least,
    }  # fmt: skip


def _closed(**properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _tally(key: Schema) -> Schema:
    return _closed(limit=COUNT, overflow={"type": "boolean"}, counts=_list(_row(key, COUNT)))


def _named(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


_PLACE = _row(COUNT, _INDEX, _INDEX)
_SKETCH = _closed(
    method=_TEXT, complete={"type": "boolean"}, values={"type": "string", "pattern": "^([0-9a-f]{16})*$"},
    counts=_list(COUNT), places=_list(_row(COUNT, _INDEX)),
)  # fmt: skip
_EXTREME: Schema = {"type": ["array", "null"]}
_MOMENTS = _closed(
    finite=COUNT, nan=COUNT, infinite=COUNT, zeros=COUNT, minimum=_EXTREME, maximum=_EXTREME, total=_TEXT,
    squares=_TEXT, histogram=_list(_row({"type": "integer"}, COUNT)), first_nan=_EXTREME,
)  # fmt: skip
_FILE = _closed(
    path=_TEXT, size=COUNT, frames=COUNT, atoms=COUNT, content_hash=_TEXT, stop={"type": ["object", "null"]},
    refusal={"type": ["array", "null"]}, rows_checked={"type": "boolean"},
)  # fmt: skip
_ITEM = _row(
    {"enum": ["info", "arrays", "frame"]}, _TEXT, _TEXT, _list(COUNT), {"type": ["string", "null"]},
    _list(COUNT), _TEXT, COUNT, COUNT, _INDEX, _INDEX, at_least=7,
)  # fmt: skip
_EQUATIONS = _closed(frames=COUNT, gram=_list(_row(COUNT, COUNT, COUNT)), moment=_list(_row(COUNT, _TEXT)))
_FINDING = _closed(
    code={"type": "string", "pattern": "^D9[0-9]{2}$"}, count=COUNT, examples=_list({"type": "array"})
)


def measured_schema() -> Schema:
    """What :func:`mace_scf.dataset.card.to_dict` gives, as JSON Schema."""
    parts: dict[str, tuple[str, Schema]] = {
        "card_version": ("Of this form.", {"const": CARD_VERSION}),
        "frames": ("Number of frames.", COUNT),
        "atoms": ("Number of atoms.", COUNT),
        "value_frames": ("Frames whose atom lines were parsed to numbers.", COUNT),
        "crowded": ("More different keys than can be kept; nothing is kept by key.", {"type": "boolean"}),
        "file_names": ("Files that places refer to by number.", _list(_TEXT)),
        "files": ("Facts about each file.", _list(_FILE)),
        "items": ("Each key and column with its form, its frames and the first of them.", _list(_ITEM)),
        "patterns": ("Sets of items, by number, with their frames.", _tally(_list(COUNT))),
        "pattern_places": ("The first frame of each of these sets, in their order.", _list(_PLACE)),
        "groups": ("Frames by `config_type` and head.", _tally(_row(_TEXT, _TEXT))),
        "group_items": ("The same for each item.", _tally(_row(_TEXT, _TEXT, COUNT))),
        "numbers": ("Moments of numbers by place, key and component.", _list(_row(_TEXT, _TEXT, COUNT, _MOMENTS))),
        "scalars": ("Distinct values of keys with one number.", _named(_tally({"type": "number"}))),
        "texts": ("Distinct values of keys with a text.", _named(_tally(_TEXT))),
        "sizes": ("Frames by their number of atoms.", _tally(COUNT)),
        "largest": ("The largest frames, with their places.", _list(_row({"type": "integer"}, *_PLACE["items"]))),
        "elements": (
            "Atomic numbers with their atoms, frames and first place.",
            _list(_row(COUNT, COUNT, COUNT, *_PLACE["items"])),
        ),
        "element_sets": ("Frames by their set of elements.", _tally(_list(COUNT))),
        "energies": ("Sums from which energies per element follow.", _named(_EQUATIONS)),
        "isolated": (
            "Frames that define E0s.",
            _list(_row(_PLACE, COUNT, _list(_row(_TEXT, {"type": "number"})), _TEXT)),
        ),
        "frame_hashes": ("Hashes of frames.", _SKETCH),
        "block_hashes": ("Hashes of atom lines.", _SKETCH),
        "damage": ("What is broken in the files.", _list(_FINDING)),
    }  # fmt: skip
    return {
        "type": "object",
        "description": "A card that `mace-scf profile -o` wrote; measure again rather than change it.",
        "properties": {name: {**schema, "description": text} for name, (text, schema) in parts.items()},
        "required": list(parts),
        "additionalProperties": False,
    }


def structural_problems(root: Mapping) -> Iterator[Diagnostic]:
    """What the schema says of a card, with places."""
    from jsonschema import Draft7Validator

    schema = measured_schema()
    for error in Draft7Validator(schema).iter_errors(editor_object(root)):
        found = entry_at(root, error.absolute_path)
        node = found.value if isinstance(found, Entry) else found
        name = str(
            next((step for step in reversed(error.absolute_path) if isinstance(step, str)), "the card")
        )
        if error.validator == "additionalProperties" and isinstance(node, Mapping):
            legal = tuple(error.schema["properties"])
            strays = (entry for entry in node if entry.name not in legal)
            yield from (unknown_key(entry.key, legal, "the card") for entry in strays)
        elif error.validator == "required" and isinstance(node, Mapping):
            absent = [key for key in error.validator_value if node.get(key) is None]
            span = found.key.span if isinstance(found, Entry) else node.span
            yield missing(absent, span, f"`{name}`" if name != "the card" else name)
        else:
            yield wrong_type(name, node, _expected(error))


def _expected(error: Any) -> str:
    if error.validator == "minimum":
        return f"a whole number, {error.validator_value} or more"
    if error.validator == "type":
        kinds = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
        return " or ".join(_PHRASES[kind] for kind in kinds)
    if error.validator in ("minItems", "additionalItems"):
        return f"a list of {len(error.schema['items'])}"
    if error.validator == "const":
        return f"{error.validator_value}"
    return "one of " + ", ".join(map(str, error.validator_value)) if error.validator == "enum" else "hashes"


def is_sound(data: MappingType[str, Any]) -> bool:
    """Whether content has the form of a card and no count is too large; hashes are left to their reader.

    They are most of a card, and looking at each would take a second.
    """
    from jsonschema import Draft7Validator

    schema = measured_schema()
    parts = {name: part for name, part in schema["properties"].items() if name not in _HASHES}
    light = {name: part for name, part in data.items() if name not in _HASHES}
    required = [name for name in schema["required"] if name not in _HASHES]
    form = Draft7Validator({**schema, "properties": parts, "required": required})
    return set(data) == set(schema["properties"]) and form.is_valid(light) and _counts_fit(data)


def _counts_fit(data: MappingType[str, Any]) -> bool:
    """Nothing is in more frames than there are."""
    frames, atoms = data["frames"], data["atoms"]
    return all(row[7] <= frames for row in data["items"] if len(row) > 7) and all(
        row[1] <= atoms and row[2] <= frames for row in data["elements"]
    )


def count_problems(root: Mapping) -> Iterator[Diagnostic]:
    """The same for a card whose structure is right, with places."""
    frames, atoms = _number(root, "frames"), _number(root, "atoms")
    for row in _rows(root, "items"):
        if len(row) > 7:
            yield from _too_many(row[7], frames, "frames", f"`{_text(row[1])}`")
    for row in _rows(root, "elements"):
        yield from _too_many(row[1], atoms, "atoms", f"element {_text(row[0])}")
        yield from _too_many(row[2], frames, "frames", f"element {_text(row[0])}")


def _number(root: Mapping, name: str) -> int:
    entry = root.get(name)
    value = editor_object(entry.value) if entry is not None else 0
    return int(value)


def _rows(root: Mapping, name: str) -> Iterator[Sequence[Node]]:
    entry = root.get(name)
    items = entry.value.items if entry is not None and isinstance(entry.value, SequenceNode) else ()
    yield from (item.items for item in items if isinstance(item, SequenceNode))


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else "?"


def _too_many(node: Node, limit: int, what: str, name: str) -> Iterator[Diagnostic]:
    count = editor_object(node)
    if count > limit:
        yield contradiction(
            f"{name} is in {count} {what}, but there are {limit}", node.span,
            advice="measure again with `mace-scf profile -o`",
        )  # fmt: skip
