"""Examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import mace_scf


def module_names() -> list[str]:
    found = pkgutil.walk_packages(mace_scf.__path__, "mace_scf.")
    return ["mace_scf", *(item.name for item in found if item.name != "mace_scf.__main__")]


@pytest.mark.parametrize("name", module_names())
def test_examples_in_docstrings_are_true(name: str) -> None:
    if name.startswith("mace_scf.dataset.kernels."):
        pytest.importorskip("numba", reason="compiled kernels need the extra [fast]")
    module = importlib.import_module(name)

    failures, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)

    assert failures == 0
