"""One cause, one finding: which findings fall silent, held against a comparison of every pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mace_scf.diagnostics import Span
from mace_scf.rules.registry import _Places

POSITIONS = st.tuples(st.integers(0, 4), st.integers(0, 4))
SPANS = st.tuples(POSITIONS, POSITIONS).map(lambda ends: Span("a.yaml", *min(ends), *max(ends)))


@given(st.lists(SPANS, max_size=8), SPANS)
def test_places_touch_as_a_comparison_of_every_pair_says(causes: list[Span], span: Span) -> None:
    places = _Places.of(causes)

    touched = places.touch(span)

    assert touched == any(cause.covers(span) or span.covers(cause) for cause in causes)
