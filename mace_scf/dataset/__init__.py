"""What data files hold, measured: exact, mergeable profiles of extended-XYZ files."""

from __future__ import annotations

from .findings import diagnostics, loader_sentence
from .paths import data_files
from .profile import DatasetProfile, merge_profiles
from .scan import Part, scan, scan_file

__all__ = [
    "DatasetProfile",
    "Part",
    "data_files",
    "diagnostics",
    "loader_sentence",
    "merge_profiles",
    "scan",
    "scan_file",
]
