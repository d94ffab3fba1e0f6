"""Files that say something about configs and are none: extensions, project files, dataset cards."""

from __future__ import annotations

import attrs

from ..diagnostics import Report
from ..inputs import Text
from ..project import select_trainer
from ..resolve import ValidatedStage
from ..rules.levels import read_levels
from ..source import Document
from .findings import told, unsilenced
from .kinds import is_card
from .request import Request


def declaration_report(text: Text, document: Document | None, request: Request) -> Report[ValidatedStage]:
    """On a file by itself, without any config.

    Args:
        text: as read.
        document: the same as YAML; None for TOML.
        request: what to check.
    """
    if document is not None and is_card(document):
        return _card_report(text, request)
    return _declaration_report(text, request)


def _declaration_report(text: Text, request: Request) -> Report[ValidatedStage]:
    from ..project.alone import check_alone

    selection = check_alone(text, request.given, texts=request.texts)
    levels = read_levels(selection.severities, request.severity)
    found = told((*selection.problems, *levels.problems), levels, request)
    return Report(found, files=selection.files, confirmed=selection.confirmed)


def _card_report(text: Text, request: Request) -> Report[ValidatedStage]:
    from ..cards import read_card

    card = read_card(text.text, file=text.name)
    folder = text.directory or "."
    selection = select_trainer(
        attrs.evolve(request.given, extensions=()), directory=folder, texts=request.texts
    )
    levels = read_levels(selection.severities, request.severity)
    facts = (f"{name or 'a measured card'}: {profile.frames} frames" for name, profile in card.splits.items())
    found = unsilenced(card.problems, {text.name: text.text})
    return Report(told(found, levels, request), files=(text.name,), confirmed=tuple(facts))
