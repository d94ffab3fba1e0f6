"""C136: a data file whose name the trainer refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import FILES
from ..rule import Context, Rule
from ._nested import AT_START


@final
class FileSuffix(Rule):
    """A data file whose name the trainer refuses.

    What it checks: names of training, validation and test files end exactly in `.xyz`, or in what an
    extension says that a fork reads; where it reads folders of shards, a name without an ending is taken for
    one.

    Why it matters: the trainer stops at start-up for `.extxyz`, `.XYZ`, `.h5` and everything else, whatever
    the file holds.

    How to fix: rename the file; extended XYZ under the name `.xyz` is what the trainer reads. Convert other
    formats.
    """

    code, slug, severity = "C136", "file-suffix", Severity.ERROR
    after = ("C122",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The three files, where their names are known."""
        for name in FILES.values():
            setting = context.run.option(name)
            of_tests = name == "test_file"
            suffixes = context.trainer.test_suffixes if of_tests else context.trainer.file_suffixes
            folder = context.trainer.shard_folders and not of_tests
            wanted = " or ".join(f"`{suffix}`" for suffix in suffixes)
            if setting.given and setting.known and not _fits(str(setting.value), suffixes, folder=folder):
                yield self.finding(
                    f"`{name}` does not end in {wanted}",
                    span=setting.span,
                    notes=(f"the check is of the name alone, capitals included: `{setting.value}`",),
                    when=AT_START,
                    help=_help(str(setting.value), suffixes[0]),
                )


def _fits(path: str, suffixes: tuple[str, ...], *, folder: bool) -> bool:
    """A file by its ending, or a folder by having none."""
    last = path.rstrip("/").rpartition("/")[2]
    return path.endswith(suffixes) or (folder and bool(last) and "." not in last)


def _help(path: str, suffix: str) -> str:
    stem, dot, ending = path.rpartition(".")
    if dot and "xyz" in ending.lower():
        return f"rename the file to `{stem}{suffix}`"
    return f"convert the file to extended XYZ with a name ending in `{suffix}`"
