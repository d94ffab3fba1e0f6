"""Sources and conditions that many options share."""

from __future__ import annotations

from ..option import Condition

MACE = "mace 0.3.14 parser"
REDEFINED = "upstream parser cb5a67c, in place of mace's own"
ADDED = "upstream parser cb5a67c"

UNREAD = "the trainer never reads it"

FIXED_POINT_ONLY = Condition("model", ("FixedPoint",))
SPLIT_CHARGES_ONLY = Condition("model", ("LocalSplitCharges",))
FORMAL_CHARGES_ONLY = Condition("model", ("LocalSplitCharges", "FixedChargeBaselinedMACE"))
CHARGE_EQUILIBRATION_ONLY = Condition("model", ("MACEQEq",))
ELECTROSTATIC_ONLY = Condition("model", ("MACE", "ScaleShiftMACE"), negated=True)
ADAM_ONLY = Condition("optimizer", ("adam", "adamw"))
WANDB_ONLY = Condition("wandb", (True,))
