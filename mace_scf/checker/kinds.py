"""Which documents are configs, which say something about configs, and which are neither."""

from __future__ import annotations

import os

from ..catalog.trainer import Trainer
from ..config import Arguments
from ..diagnostics import Diagnostic, Severity, Span
from ..project.find import CARD_ENDINGS, PROJECT_FILE
from ..source import Document

# A file with some of these is an extension that has forgotten what it extends.
OF_EXTENSIONS = frozenset(
    """accepts dated doc options stage_keys fixed_point_keys scf_keys update_keys readout_keys terms models quantities
    error_tables boundary_methods field_blocks""".split()
)


def is_declaration(document: Document) -> bool:
    """An extension, a project file or a dataset card by itself, and no config."""
    root = document.mapping
    if root is None or any(root.get(name) for name in ("heads", "train_schedule", "model")):
        return False
    return (
        root.get("extends") is not None
        or sum(entry.name in OF_EXTENSIONS for entry in root) > 1
        or os.path.basename(document.file) == PROJECT_FILE
        or is_card(document)
    )


def is_card(document: Document) -> bool:
    """A dataset card by itself."""
    root = document.mapping
    keys = ("card_version", "splits")
    return document.file.endswith(CARD_ENDINGS) or any(root is not None and root.get(key) for key in keys)


def not_a_config(document: Document, arguments: Arguments, trainer: Trainer) -> Diagnostic | None:
    """One clear finding for a YAML that holds no key of a run at all."""
    root = document.mapping
    if root is None:
        what = "is empty" if document.root is None else "holds no mapping"
        return None if arguments.given and document.root is None else _stray(document, what)
    known = set(trainer.option_by_name)
    if any(entry.name in known for entry in root) or (len(root) == 0 and arguments.given):
        return None
    from ..catalog.suggest import suggest

    near = any(suggest(entry.name, tuple(known)) for entry in root.entries[:50])
    return None if near else _stray(document, "holds no option of a training run")


def _stray(document: Document, what: str) -> Diagnostic:
    return Diagnostic(
        "C002", "not-a-training-config", Severity.ERROR, f"this is no training config: it {what}", Span(document.file),
        when="the trainer stops at start-up",
        help="a config has `heads` and `train_schedule`; see `mace-scf validate --help` for launchers",
    )  # fmt: skip
