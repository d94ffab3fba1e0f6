"""D101: a data file that is not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..data_facts import FILES, places_of
from ..rule import Context, Rule

_LOADED = "the trainer stops when it loads the data"
_PARSED = "the trainer's argument parser opens it at start-up and stops"
_MANY = 2000  # names of a folder that are worth comparing


@final
class LabelFileMissing(Rule):
    """A data file that is not there.

    What it checks: `train_file`, `valid_file` and `test_file` exist, and so does `les_arguments`, seen from the
    folder of the config, that of the launcher, or the present one: where training will start is not known.
    `--no-data` leaves it out; `--require-data` makes it an error, for use where the job will run.

    Why it matters: the trainer does not look before it loads: a FileNotFoundError after start-up, or for the
    test file after the model was built. `les_arguments` is opened by the argument parser itself, which stops,
    although nothing reads the file's content.

    How to fix: correct the path, or put the file there.
    """

    code, slug, severity = "D101", "label-file-missing", Severity.WARNING
    after = ("C122", "C136")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file that is in none of the folders."""
        if not context.data.files:
            return
        cards = {split.name for split in context.data.splits if split.is_card}
        for split, name in FILES.items():
            setting = context.run.option(name)
            if split in cards:
                continue
            places = places_of(setting, context.data.folders)
            if places and not any(os.path.exists(place) for place in places):
                yield self._missing(context, setting, places, _LOADED)
        opened = context.run.option("les_arguments")
        places = places_of(opened, context.data.folders)
        if places and not any(os.path.isfile(place) for place in places):
            yield self._missing(context, opened, places, _PARSED)

    def _missing(self, context: Context, setting: Setting[str], places: list[str], when: str) -> Diagnostic:
        near = _near(places)
        return self.finding(
            f"`{setting.name}` is not there: {setting.value}", span=setting.span,
            severity=Severity.ERROR if context.require_data else Severity.WARNING,
            when=f"{when}, if the file is not there by then",
            help=f"did you mean `{near[0]}`?" if near else "correct the path, or put the file there",
            suggestions=near,
        )  # fmt: skip


def _near(places: list[str]) -> tuple[str, ...]:
    """Files of the same folders with nearly the same name."""
    for place in places:
        folder, name = os.path.split(place)
        try:
            names = sorted(os.listdir(folder or os.curdir))[:_MANY]
        except (OSError, ValueError):
            continue
        suffix = os.path.splitext(name)[1]
        near = suggest(name, [other for other in names if os.path.splitext(other)[1] == suffix])
        if near:
            return near
    return ()
