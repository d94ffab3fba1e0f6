"""The run configuration as typed values with places."""

from __future__ import annotations

from .arguments import Arguments, read_arguments
from .effective import Effective, lay_over
from .run import FixedPointOptions, Head, RunConfig, ScfOptions, Stage, TermEntry
from .setting import Setting, Source
from .structure import structure
from .values import equals_default, typed_default

__all__ = [
    "Arguments",
    "Effective",
    "FixedPointOptions",
    "Head",
    "RunConfig",
    "ScfOptions",
    "Setting",
    "Source",
    "Stage",
    "TermEntry",
    "equals_default",
    "lay_over",
    "read_arguments",
    "structure",
    "typed_default",
]
