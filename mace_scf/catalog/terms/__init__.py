"""Every loss term of every trainer version, in the order of the reference page.

A name occurs twice where two versions treat it differently; ``Term.trainers`` tells them apart.
"""

from __future__ import annotations

from ..term import Term
from .cluster import CLUSTER
from .electrostatic import ELECTROSTATIC
from .fourier import FOURIER
from .plain import PLAIN
from .robust import ROBUST
from .scf import SCF

__all__ = ["TERMS"]

TERMS: tuple[Term, ...] = (*PLAIN, *ELECTROSTATIC, *SCF, *CLUSTER, *FOURIER, *ROBUST)
