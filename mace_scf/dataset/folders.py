"""Where things are kept between runs, and for which files that is worth it."""

from __future__ import annotations

import os
from pathlib import Path

WORTH_KEEPING = 8 << 20  # bytes; smaller files are read again sooner than a cache is asked


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/mace-scf``, by default in the home folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mace-scf"
