"""Data files and the labels that the heads map: codes D."""

from __future__ import annotations
