"""What exists in the field, as data: quantities, loss terms, models, options, trainer versions.

This package names the classes of declarations only. The data are built when first asked for::

    from mace_scf.catalog.registry import trainer

    trainer("upstream").term_by_name["forces"].unit
"""

from __future__ import annotations

from .model import Carries, Conservation, LabelInput, Model, Provision, Recommendation, Refusal
from .option import Condition, Kind, Option, State
from .quantity import Quantity
from .term import Term
from .trainer import Blocks, BoundaryMethod, ErrorTable, FieldBlock, Trainer

__all__ = [
    "Blocks",
    "BoundaryMethod",
    "Carries",
    "Condition",
    "Conservation",
    "ErrorTable",
    "FieldBlock",
    "Kind",
    "LabelInput",
    "Model",
    "Option",
    "Provision",
    "Quantity",
    "Recommendation",
    "Refusal",
    "State",
    "Term",
    "Trainer",
]
