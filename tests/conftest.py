"""Options that every test may use."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# That a machine is busy is no mistake; what must be quick is measured where that is the claim.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected texts beside the cases"
    )
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped counts as failed")
    parser.addoption("--hostile", type=int, default=20_000, help="number of inputs in the slow hostile tests")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def hostile_count(request: pytest.FixtureRequest) -> int:
    """How many inputs the slow hostile tests try."""
    return int(request.config.getoption("--hostile"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``--no-skips``, what an environment lacks is no excuse."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        report.outcome = "failed"
    return report
