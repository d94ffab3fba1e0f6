"""Reading and writing of whole texts."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from ..atomic import write_text
from ..errors import UnreadableInputError

if TYPE_CHECKING:
    from ..source.written import WrittenFile

STANDARD_INPUT = "-"
OPTIONS_FILE = "<options>"


@attrs.frozen(eq=False)
class Text:
    """A text with the name used in messages.

    Attributes:
        name: as the user gave it.
        text: its characters.
        directory: folder for relative paths; ``None`` where there is none.
        written: the here-document that it was read from, in place of a file.
    """

    name: str
    text: str
    directory: str | None = None
    written: WrittenFile | None = None


def read_text(path: str) -> Text:
    """Read a file or standard input as UTF-8.

    Raises:
        UnreadableInputError: it cannot be opened, or is no UTF-8 text.
    """
    try:
        if path == STANDARD_INPUT:
            return Text(path, _decode(path, sys.stdin.buffer.read()))
        if not stat.S_ISREG(os.stat(path).st_mode):
            what = "a folder" if os.path.isdir(path) else "no file; `-` reads standard input"
            raise UnreadableInputError(path, f"is {what}")
        with open(path, "rb") as file:
            return Text(path, _decode(path, file.read()), os.path.dirname(path) or ".")
    except (OSError, ValueError) as error:
        raise UnreadableInputError(path, getattr(error, "strerror", None) or str(error)) from error


def _decode(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(path, f"is not UTF-8 (byte {error.start})") from error


def replace_text(path: str, text: str) -> None:
    """Write a mended text in place of a file's, atomically; a byte-order mark and links stay.

    Raises:
        UnreadableInputError: it cannot be written.
    """
    target = os.path.realpath(path)
    try:
        write_text(target, byte_order_mark(target) + text)
    except OSError as error:
        raise UnreadableInputError(path, error.strerror or str(error)) from error


def byte_order_mark(path: str) -> str:
    """The mark that a file begins with, "" if there is none or no file."""
    if path == STANDARD_INPUT or not os.path.isfile(path):
        return ""
    with open(path, "rb") as file:
        return "\ufeff" if file.read(3) == codecs.BOM_UTF8 else ""


def mapping_document(config: Mapping[Any, Any]) -> Text:
    """A config given as a mapping, written out so that findings have places."""
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    writer = YAML(typ="safe", pure=True)
    writer.version = (1, 1)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # declared without a type
    stream = io.StringIO()
    try:
        writer.dump(_plain(config), stream)
    except RecursionError as error:
        raise UnreadableInputError("<mapping>", "is nested too deep, or holds itself") from error
    except (YAMLError, TypeError) as error:
        raise UnreadableInputError("<mapping>", f"holds something YAML cannot write: {error}") from error
    return Text("<mapping>", stream.getvalue().removeprefix("%YAML 1.1\n---\n"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
