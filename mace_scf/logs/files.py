"""Log files as streams of records, finished ones and ones that are still written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

from ..errors import UnreadableInputError
from .parse import Marks, parse_lines
from .records import Record

WRITTEN_TO = "the trainer writes those to the file that ends in `_debug.log`"
_LONGEST_LINE = 1 << 20  # bytes; more of one line is not looked at, whatever the file holds


def read_log(path: str | os.PathLike[str]) -> Iterator[Record]:
    """Records of a log file, in its order.

    Raises:
        UnreadableInputError: the file cannot be opened or read.
    """
    try:
        with open(path, "rb") as file, open(path, "rb") as ahead:
            yield from parse_lines(_lines(file), Marks(_lines(ahead)))
    except OSError as error:
        raise UnreadableInputError(os.fspath(path), error.strerror or "cannot be read") from error


def follow(
    path: str | os.PathLike[str], *, idle: Callable[[], bool], seconds: float = 1.0
) -> Iterator[Record]:
    """Records of a log that is still written.

    Args:
        path: of the log.
        idle: called whenever there is nothing new; reading ends when it returns false.
        seconds: pause before the file is looked at again.

    Raises:
        UnreadableInputError: the file cannot be opened or read.
    """
    try:
        with open(path, "rb") as file:
            yield from parse_lines(_growing_lines(file, idle, seconds))
    except OSError as error:
        raise UnreadableInputError(os.fspath(path), error.strerror or "cannot be read") from error


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        yield line
        while len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(_LONGEST_LINE)


def _growing_lines(file: BinaryIO, idle: Callable[[], bool], seconds: float) -> Iterator[bytes]:
    """Finished lines only: an unfinished one may still grow."""
    begun = b""
    while True:
        begun += file.readline(_LONGEST_LINE)
        if begun.endswith(b"\n") or len(begun) >= _LONGEST_LINE:
            yield begun
            begun = b""
        elif not idle():
            return
        else:
            time.sleep(seconds)
