"""Loss terms, their weights and what they require: codes L."""

from __future__ import annotations
