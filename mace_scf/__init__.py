"""Declare, check and compute the losses of charge-aware machine-learned interatomic potentials."""

from __future__ import annotations

__version__ = "0.1.0"
