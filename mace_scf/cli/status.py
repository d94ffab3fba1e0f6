"""Exit statuses, the same for every verb."""

from __future__ import annotations

CLEAN = 0
FINDINGS = 1
USAGE = 2
INTERNAL = 3
