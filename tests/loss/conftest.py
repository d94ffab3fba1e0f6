"""Fixtures of the loss."""

from __future__ import annotations

import pytest

from .batches import ragged_batch, tensors
from .kit import Pair


@pytest.fixture
def pair() -> Pair:
    """A batch of 13 atoms in four frames, with every label."""
    reference, prediction = ragged_batch(seed=30)
    return tensors(reference), tensors(prediction)
