"""Versions of the trainer: each puts declarations together and says what it accepts."""

from __future__ import annotations
