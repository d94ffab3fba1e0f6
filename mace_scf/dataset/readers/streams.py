"""Opens data files, plain or compressed, and names what may be wrong with the latter."""

from __future__ import annotations

import gzip
import zlib
from typing import BinaryIO

from mace_scf.errors import MaceScfError

BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)  # what damaged compressed files raise


class BrokenStreamError(MaceScfError):
    """A compressed file is damaged or cut off; what could be read of it was given before."""


def open_binary(path: str) -> BinaryIO:
    """The file's bytes, decompressed."""
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")  # type: ignore[return-value]  # gzip's class is a binary stream
