"""Notices what a piece of Python does to the world: programs started, files written, hosts called."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

STARTS = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "subprocess.Popen",
    "pty.spawn",
)
CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
)
CALLS = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request")
FORBIDDEN = frozenset((*STARTS, *CHANGES, *CALLS))
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_deeds: list[str] | None = None
_installed = False


@contextlib.contextmanager
def deeds() -> Iterator[list[str]]:
    """A list that fills with what the body does; compiled modules of Python itself do not count."""
    global _deeds
    _install()
    seen: list[str] = []
    _deeds = seen
    try:
        yield seen
    finally:
        _deeds = None


def _install() -> None:
    """An audit hook stays for the life of the process, so there is one and it sleeps."""
    global _installed
    if not _installed:
        sys.addaudithook(_note)
        _installed = True


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _deeds is None:
        return
    if event in FORBIDDEN and "__pycache__" not in str(arguments):
        _deeds.append(f"{event} {arguments!r}")
    elif event == "open" and arguments[2] & WRITING and "__pycache__" not in str(arguments[0]):
        _deeds.append(f"open for writing {arguments[0]!r}")
