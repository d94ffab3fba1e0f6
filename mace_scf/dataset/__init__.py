"""What data files hold, measured: exact, mergeable profiles of extended-XYZ files.

The names below are loaded when they are first asked for, so that the list of damages costs little.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .findings import diagnostics, loader_sentence
    from .paths import data_files
    from .profile import DatasetProfile, merge_profiles
    from .scan import Part, scan_file

_HOMES = {
    "DatasetProfile": "profile",
    "Part": "scan",
    "data_files": "paths",
    "diagnostics": "findings",
    "loader_sentence": "findings",
    "merge_profiles": "profile",
    "scan_file": "scan",
}

__all__ = [
    "DatasetProfile",
    "Part",
    "data_files",
    "diagnostics",
    "loader_sentence",
    "merge_profiles",
    "scan_file",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
