"""Opens data files, plain, compressed or coming through a pipe, and names what may be wrong with them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from mace_scf.errors import MaceScfError, UnreadableInputError

BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError)  # what damaged compressed files raise
_OPENERS: dict[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}  # as ASE does


class BrokenStreamError(MaceScfError):
    """A compressed file is damaged or cut off; what could be read of it was given before."""


def open_binary(path: str) -> BinaryIO:
    """The file's bytes, decompressed."""
    stream: BinaryIO = _OPENERS.get(_ending(path), open)(path, "rb")
    return stream


def is_compressed(path: str) -> bool:
    """Whether the bytes of a file are others than those that it holds, by its name as ASE goes by it."""
    return _ending(path) in _OPENERS


def is_damage(error: Exception) -> bool:
    """Whether an error of reading comes from damaged content; for bz2 it is an error of the system without a number."""
    return isinstance(error, BROKEN) or (isinstance(error, OSError) and error.errno is None)


@contextmanager
def readable_again(path: str) -> Iterator[str]:
    """A file with the content of ``path`` that can be read more than once: for a pipe a copy of what comes.

    Raises:
        UnreadableInputError: it is a device.
    """
    mode = os.stat(path).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            raise UnreadableInputError(path, "is a device, and no file")
        yield path
        return
    with open(path, "rb") as pipe, tempfile.NamedTemporaryFile(suffix=_ending(path)) as copy:
        shutil.copyfileobj(pipe, copy)
        copy.flush()
        yield copy.name


def _ending(path: str) -> str:
    return os.path.splitext(path)[1]
