"""Rules about extensions and project files."""

from __future__ import annotations
