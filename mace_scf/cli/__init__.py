"""The command `mace-scf`."""

from __future__ import annotations
