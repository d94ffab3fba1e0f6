"""`python -m mace_scf` is `mace-scf`."""

from __future__ import annotations

from .cli.main import entry

entry()
