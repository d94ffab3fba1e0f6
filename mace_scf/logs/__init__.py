"""What training logs tell about a loss: typed records, read in one pass and constant memory."""

from __future__ import annotations

from .files import WRITTEN_TO, follow, read_log
from .parse import Marks, parse_lines
from .recent import Recent, StageWindow, TermWindow
from .records import RECORD_VERSION, BatchLoss, EpochMark, Record, RunStart, StageStart, Unread

__all__ = [
    "RECORD_VERSION",
    "WRITTEN_TO",
    "BatchLoss",
    "EpochMark",
    "Marks",
    "Recent",
    "Record",
    "RunStart",
    "StageStart",
    "StageWindow",
    "TermWindow",
    "Unread",
    "follow",
    "parse_lines",
    "read_log",
]
