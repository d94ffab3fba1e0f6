"""The root of every exception this package raises on purpose."""

from __future__ import annotations


class MaceScfError(Exception):
    """A programming or operating-system problem; mistakes in a user's files are diagnostics instead."""


class UnreadableInputError(MaceScfError):
    """An input cannot be opened or decoded at all.

    Attributes:
        path: the input as the user named it.
        reason: one phrase, without the path.
    """

    def __init__(self, path: str, reason: str) -> None:
        # names that are no Unicode text would break the stream that the message is written to
        super().__init__(f"{path}: {reason}".encode("utf-8", "backslashreplace").decode())
        self.path = path
        self.reason = reason
