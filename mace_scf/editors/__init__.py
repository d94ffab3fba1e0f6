"""Settings of editors that hold our files against our schemas; nothing that a user has there is lost."""

from __future__ import annotations

from .change import Change, Plan, RefusedError, Schema
from .plan import EDITORS, plan

__all__ = ["EDITORS", "Change", "Plan", "RefusedError", "Schema", "plan"]
