"""The model and what it is built from: codes M."""

from __future__ import annotations
