"""The JSON Schema of dataset cards: the form that people write, and the measured one."""

from __future__ import annotations

from ..extension.shapes import Schema
from .declared import CARD
from .measured import measured_schema


def emit_card_schema() -> Schema:
    """Draft 07; a `card_version` tells the forms apart, so that errors are about the one that is meant."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:mace-scf:dataset-card",
        "title": "mace-scf dataset card",
        "description": "What data files hold, in place of the files.",
        "type": "object",
        "if": {"required": ["card_version"]},
        "then": measured_schema(),
        "else": CARD.schema(),
    }
