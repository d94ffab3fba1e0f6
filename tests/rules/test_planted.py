"""A fault in one frame of a hundred is found by its rule; data without a fault raise no alarm."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from benchmarks.rule_faults import FAULTS, Frames, Plant, clean_data, found_in


@pytest.fixture(scope="module")
def clean() -> Frames:
    return clean_data()


@pytest.mark.parametrize(("plant", "code"), FAULTS, ids=lambda case: getattr(case, "__name__", case))
def test_a_rare_fault_is_found(plant: Plant, code: str, clean: Frames, tmp_path: Path) -> None:
    data = copy.deepcopy(clean)
    plant(data)

    found = found_in(data, tmp_path)

    assert code in found


def test_clean_data_raise_no_alarm(clean: Frames, tmp_path: Path) -> None:
    found = found_in(clean, tmp_path)

    assert found == set()
