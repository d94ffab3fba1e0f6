"""Keys, types and options of the run as a whole: codes C."""

from __future__ import annotations
