"""One file a verb; each is imported only when it is asked for."""

from __future__ import annotations
