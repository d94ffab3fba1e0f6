"""The JSON Schema of declaration files, from the classes of declarations."""

from __future__ import annotations

from ..catalog.registry import trainer_names
from .declaration import SECTIONS, Section
from .read import HEAD, REQUIRED, accepts_record, names_shape
from .records import list_fields, record_of
from .shapes import Schema

_HEAD_DOCS = {
    "extends": "Trainer version that the fork starts from, or the name of an extension given before.",
    "name": "Name of the fork.",
    "dated": "ISO date of the newest fact.",
    "doc": "Which facts, of what.",
}
_LIKE: Schema = {"type": "string", "description": "Start from the attributes of this declaration."}


def emit_extension_schema() -> Schema:
    """The schema of an extension, draft 07."""
    head: Schema = {name: {**shape.schema(), "description": _HEAD_DOCS[name]} for name, shape in HEAD.items()}
    head["extends"]["examples"] = list(trainer_names())
    accepts = {**accepts_record().properties(), "description": "What the trainer accepts."}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:mace-scf:extension",
        "title": "mace-scf extension",
        "description": "What a fork adds to a trainer version, changes and removes.",
        "type": "object",
        "properties": {
            **head,
            "accepts": accepts,
            **{section.name: _section(section) for section in SECTIONS},
        },
        "required": list(REQUIRED),
        "additionalProperties": False,
    }


def _section(section: Section) -> Schema:
    word = section.word
    return {
        "type": "object",
        "properties": {
            "add": {
                "type": "object",
                "description": f"Every {word} that is new, by name.",
                "propertyNames": {"pattern": r"^[^.]+\..+" if section.name == "field_blocks" else "."},
                "additionalProperties": _draft(section),
            },
            "change": {
                "type": "object",
                "description": f"Every {word} that is other than in the trainer extended, by name.",
                "additionalProperties": _patch(section),
            },
            "remove": {
                "type": "array",
                "description": f"Names of every {word} that is gone.",
                "items": {"type": "string"},
            },
        },
        "additionalProperties": False,
    }


def _draft(section: Section) -> Schema:
    record = record_of(section)
    schema = record.properties(like=_LIKE)
    if record.required:
        schema["anyOf"] = [{"required": ["like"]}, {"required": list(record.required)}]
    return schema


def _patch(section: Section) -> Schema:
    record = record_of(section)
    lists = list_fields(record)
    more = {name: shape.schema() for name, shape in lists.items()}
    drop = {name: names_shape().schema() for name in lists}
    return record.properties(
        more=_parts(more, "Items put behind those of a list."),
        drop=_parts(drop, "Items taken out of a list, by name."),
    )


def _parts(lists: Schema, doc: str) -> Schema:
    return {"type": "object", "description": doc, "properties": lists, "additionalProperties": False}
