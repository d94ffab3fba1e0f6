"""Options that every test may use."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected texts beside the cases"
    )
    parser.addoption("--hostile", type=int, default=20_000, help="number of inputs in the slow hostile tests")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def hostile_count(request: pytest.FixtureRequest) -> int:
    """How many inputs the slow hostile tests try."""
    return int(request.config.getoption("--hostile"))
