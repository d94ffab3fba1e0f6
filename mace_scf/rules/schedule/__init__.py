"""Stages, epochs and their names: codes S."""

from __future__ import annotations

from ..rule import Rule

RULES: tuple[type[Rule], ...] = ()
