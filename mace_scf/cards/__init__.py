"""Dataset cards: what data files hold, written by hand or measured, in place of the files."""

from __future__ import annotations

from .read import Card, read_card

__all__ = ["Card", "read_card"]
