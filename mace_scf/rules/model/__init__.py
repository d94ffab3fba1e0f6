"""Options that a model refuses, needs or ignores: codes M."""

from __future__ import annotations

from ..rule import Rule

RULES: tuple[type[Rule], ...] = ()
