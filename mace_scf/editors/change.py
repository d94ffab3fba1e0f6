"""What wiring an editor comes to: texts of files before and after, and what a user must know."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ..errors import UnreadableInputError

ReadText = Callable[[str], str | None]
"""The text of a file seen from the folder that is wired; None where there is none."""


class RefusedError(UnreadableInputError):
    """A file of the user's that cannot be changed without harm."""

    def __init__(self, path: str, reason: str, by_hand: str) -> None:
        super().__init__(path, f"{reason}, so it was left alone; put this into it:\n{by_hand}")


@attrs.frozen
class Schema:
    """A schema with the files it is for.

    Attributes:
        kind: ``config``, ``dataset-card``, ``project`` or ``extension``.
        file: name of its file.
        text: the schema.
        patterns: globs of the files.
        chosen: the patterns were asked for, and count more than those that a user has.
    """

    kind: str
    file: str
    text: str
    patterns: tuple[str, ...]
    chosen: bool = False


@attrs.frozen
class Change:
    """A file with its text before (None where there is none) and after."""

    path: str
    before: str | None
    after: str

    @property
    def is_one(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


@attrs.frozen
class Plan:
    """What is to be written.

    Attributes:
        schemas: our own files.
        settings: files that may be a user's, too.
        hint: what the user has to do besides.
    """

    schemas: tuple[Change, ...]
    settings: tuple[Change, ...]
    hint: str = ""


def schema_changes(folder: str, schemas: tuple[Schema, ...], read: ReadText) -> tuple[Change, ...]:
    """The schemas in a folder of their own, so that they work offline and on other machines."""
    paths = [f"{folder}/{schema.file}" for schema in schemas]
    return tuple(Change(path, read(path), schema.text) for path, schema in zip(paths, schemas, strict=True))
