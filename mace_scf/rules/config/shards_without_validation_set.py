"""C154: training shards without validation shards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._nested import AT_START

_FRAMES = ".xyz"


@final
class ShardsWithoutValidationSet(Rule):
    """Training shards without validation shards.

    What it checks: under a fork that reads HDF5 files or folders of shards, a `train_file` of that kind comes
    with a `valid_file` of the same kind.

    Why it matters: only extended XYZ is split into a training and a validation set. The trainer stops at
    start-up.

    How to fix: make shards of the validation frames too, and name them in `valid_file`.
    """

    code, slug, severity = "C154", "shards-without-validation-set", Severity.ERROR
    after = ("C136",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Where the training set is known, and the validation set is known or known to be none."""
        train, valid = context.run.option("train_file"), context.run.option("valid_file")
        if context.trainer.file_suffixes == (_FRAMES,) or not (train.given and train.known and valid.known):
            return
        sharded = not str(train.value).endswith(_FRAMES)
        if valid.value is None and sharded:
            yield self.finding(
                "`train_file` names shards, and there is no `valid_file`", span=train.span,
                notes=("shards are not split: `valid_fraction` is for extended XYZ",), when=AT_START,
                help="give a `valid_file` of the same kind",
            )  # fmt: skip
        elif valid.value is not None and sharded is str(valid.value).endswith(_FRAMES):
            yield self.finding(
                "`valid_file` is of another kind than `train_file`", span=valid.span, labels=train.label(),
                notes=("one holds extended XYZ, the other shards",), when=AT_START,
                help="give both in the same kind",
            )  # fmt: skip
