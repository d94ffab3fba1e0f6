"""D212: elements that only the test frames have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._elements import all_seen, shown, table_of


@final
class ElementOnlyInTest(Rule):
    """Elements that only the test frames have.

    What it checks: every element of the test file occurs in the training or validation frames.

    Why it matters: the table of elements is made from training and validation frames. The test frames are
    loaded after training, and before the models are saved: the run crashes at its very end, unless
    `log_on_test_sets` makes it crash at once.

    How to fix: take these frames out of the test file, or add training frames with the element.
    """

    code, slug, severity = "D212", "element-only-in-test", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding, with the first frame of each element."""
        elements = table_of(context)
        test = context.data.split("test")
        if elements is None or test is None or not all_seen(context):
            return
        missing = {number: seen for number, seen in test.profile.elements.items() if number not in elements}
        if missing:
            at_once = context.run.option("log_on_test_sets").is_known(True)
            train = context.data.train
            yield self.finding(
                f"only the test frames have {shown(missing)}", span=test.setting.span,
                labels=train.setting.label("elements are those of these frames") if train else (),
                notes=tuple(
                    f"first {shown([number])} in {seen.first.shown}"
                    for number, seen in sorted(missing.items())[:3]
                ),
                when="the trainer stops when it loads the test frames: "
                + ("after the model is built" if at_once else "after training, before the models are saved"),
                help="take these frames out, or train on the element",
            )  # fmt: skip
