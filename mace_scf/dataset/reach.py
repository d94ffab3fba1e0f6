"""Which names of a file the loader can still find after ASE has read it; the catalog keeps the list."""

from __future__ import annotations

from ..catalog.reach import MOVED_COLUMNS, MOVED_INFO, REWRITTEN, Reach, reach

__all__ = ["MOVED_COLUMNS", "MOVED_INFO", "REWRITTEN", "Reach", "reach"]
