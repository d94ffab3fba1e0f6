"""Every top-level option of the trainer, chapter by chapter in the order of the reference page."""

from __future__ import annotations

from ..option import Option
from .charges import CHARGES
from .data import DATA
from .electrostatics import ELECTROSTATICS
from .fine_tuning import FINE_TUNING
from .keys import KEYS
from .logging import LOGGING
from .loss_weights import LOSS_WEIGHTS
from .model import MODEL
from .optimizer import OPTIMIZER
from .output import OUTPUT
from .plain_mace import PLAIN_MACE
from .qeq import QEQ
from .run import RUN
from .scf import SCF
from .schedule import SCHEDULE

OPTIONS: tuple[Option, ...] = (
    *RUN,
    *SCHEDULE,
    *DATA,
    *MODEL,
    *ELECTROSTATICS,
    *CHARGES,
    *SCF,
    *QEQ,
    *OPTIMIZER,
    *OUTPUT,
    *LOGGING,
    *LOSS_WEIGHTS,
    *PLAIN_MACE,
    *FINE_TUNING,
    *KEYS,
)

__all__ = ["OPTIONS"]
