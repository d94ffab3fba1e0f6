"""What a fork adds to a trainer, changes or takes away: read from YAML, checked, applied; no file is opened here."""

from __future__ import annotations

from .apply import apply
from .declaration import Draft, Edits, Extension, Patch, Removal
from .read import read_extension
from .references import check_extension

__all__ = [
    "Draft",
    "Edits",
    "Extension",
    "Patch",
    "Removal",
    "apply",
    "check_extension",
    "read_extension",
]
