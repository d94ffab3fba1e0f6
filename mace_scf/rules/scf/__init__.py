"""Fixed-point training: codes F."""

from __future__ import annotations
