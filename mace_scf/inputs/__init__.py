"""The files a check starts from: reading texts, finding the launcher, words given on our own command line."""

from __future__ import annotations

from .launcher import (
    LauncherChoice,
    LauncherReader,
    choose_launcher,
    is_script,
    read_config,
    why_not_followed,
)
from .text import (
    OPTIONS_FILE,
    STANDARD_INPUT,
    Text,
    byte_order_mark,
    mapping_document,
    read_text,
    replace_text,
)

__all__ = [
    "OPTIONS_FILE",
    "STANDARD_INPUT",
    "LauncherChoice",
    "LauncherReader",
    "Text",
    "byte_order_mark",
    "choose_launcher",
    "is_script",
    "mapping_document",
    "read_config",
    "read_text",
    "replace_text",
    "why_not_followed",
]
