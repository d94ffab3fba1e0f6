"""The training command and its script: codes R."""

from __future__ import annotations
