"""What goes wrong and how a user hears of it: one file a rule, in families."""

from __future__ import annotations

from .registry import all_rules, rule_by_code, run_rules
from .rule import Context, Rule, StructuralRule

__all__ = ["Context", "Rule", "StructuralRule", "all_rules", "rule_by_code", "run_rules"]
