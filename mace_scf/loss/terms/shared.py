"""Error functions that several families take from an option."""

from __future__ import annotations

from mace_scf.loss.errorfunction import ABSOLUTE, ErrorFunction, huber
from mace_scf.loss.term import Options, number


def absolute(_: Options) -> ErrorFunction:
    """The absolute value; a function with a name, as engines go to other processes."""
    return ABSOLUTE


def huber_option(options: Options) -> ErrorFunction:
    """Huber with the ``huber_delta`` of a config."""
    return huber(number(options, "huber_delta"))
