"""The typed loss engine: the only room that imports torch."""

from __future__ import annotations

from . import _requires as _requires
from .batch import LABELS, PREDICTIONS, Layout, Level, Predictions, References
from .breakdown import Breakdown, TermBreakdown
from .counts import CountPlan, EpochPlan
from .dropin import LossFunction
from .engine import LossEngine
from .errorfunction import ABSOLUTE, SQUARED, ErrorFunction, huber
from .inputs import with_molecules
from .items import TermInputs
from .molecules import MoleculeIndex, molecule_index
from .prepared import Prepared
from .problems import LossConfigError, LossInputError, RecordError, TermRegistrationError
from .record import LossRecorder, read_records
from .reduce import PendingCounts, Reduction, StepCounts, fixed
from .streaming import StreamingEvaluation, TermErrors
from .term import Difference, Honoured, Items, Term, register, registered_terms, unregister

__all__ = [
    "ABSOLUTE",
    "LABELS",
    "PREDICTIONS",
    "SQUARED",
    "Breakdown",
    "CountPlan",
    "Difference",
    "EpochPlan",
    "ErrorFunction",
    "Honoured",
    "Items",
    "Layout",
    "Level",
    "LossConfigError",
    "LossEngine",
    "LossFunction",
    "LossInputError",
    "LossRecorder",
    "MoleculeIndex",
    "PendingCounts",
    "Predictions",
    "Prepared",
    "RecordError",
    "Reduction",
    "References",
    "StepCounts",
    "StreamingEvaluation",
    "Term",
    "TermBreakdown",
    "TermErrors",
    "TermInputs",
    "TermRegistrationError",
    "fixed",
    "huber",
    "molecule_index",
    "read_records",
    "register",
    "registered_terms",
    "unregister",
    "with_molecules",
]
