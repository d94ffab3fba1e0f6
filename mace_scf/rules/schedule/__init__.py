"""Stages, epochs and learning rates: codes S."""

from __future__ import annotations
