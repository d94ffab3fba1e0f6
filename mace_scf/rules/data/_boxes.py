"""Boundary methods that compute an isolated frame in its box."""

from __future__ import annotations

BOXED = ("molecule_in_box", "mixed_periodic")
