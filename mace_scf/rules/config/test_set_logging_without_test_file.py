"""C142: evaluation on a test set that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..helpers import drop
from ..rule import Context, Rule


@final
class TestSetLoggingWithoutTestFile(Rule):
    """Evaluation on a test set that is not there.

    What it checks: `log_on_test_sets` comes with a `test_file`.

    Why it matters: the trainer loads the data and builds the model first, and then stops.

    How to fix: give a `test_file`, or remove `log_on_test_sets`.
    """

    __test__ = False  # its name looks like a test to pytest
    code, slug, severity = "C142", "test-set-logging-without-test-file", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Only where the absence of a test file is certain."""
        setting, file = context.run.option("log_on_test_sets"), context.run.option("test_file")
        if setting.is_known(True) and file.known and file.value is None:
            yield self.finding(
                "`log_on_test_sets` needs a `test_file`",
                span=setting.place,
                labels=file.label("this is empty"),
                when="the trainer stops after the data are loaded and the model is built",
                help="add `test_file`, or remove `log_on_test_sets`",
                fix=drop(context, setting),
            )
