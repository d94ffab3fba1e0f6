"""Which files a name stands for: one file, a pattern, or a folder."""

from __future__ import annotations

import glob
import os

_ENDINGS = tuple(name + packed for name in (".xyz", ".extxyz") for packed in ("", ".gz", ".bz2", ".xz"))


def is_data_file(name: str) -> bool:
    """Whether the name says that the file holds extended XYZ, plain or compressed."""
    return name.lower().endswith(_ENDINGS)


def data_files(name: str) -> list[str]:
    """The files behind a name, sorted; a name that stands for no pattern or folder is returned as it is.

    A file of that very name comes first: names may hold brackets.
    """
    if os.path.isdir(name):
        return sorted(os.path.join(name, entry) for entry in os.listdir(name) if is_data_file(entry))
    if os.path.exists(name) or not glob.has_magic(name):
        return [name]
    return sorted(glob.glob(name, recursive=True))
