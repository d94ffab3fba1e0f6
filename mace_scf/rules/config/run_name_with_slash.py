"""C138: a run name that is no file name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

import attrs

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import new_option, replacement, together, yaml_text
from ..rule import Context, Rule


@final
class RunNameWithSlash(Rule):
    """A run name with a slash in it.

    What it checks: `name` holds no slash.

    Why it matters: the name is the beginning of the names of logs and checkpoints. With a slash it points
    into a folder that does not exist, and the trainer stops when its logger starts.

    How to fix: choose folders with `work_dir`, and keep the name plain.
    """

    code, slug, severity = "C138", "run-name-with-slash", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """The name, where it is known."""
        setting = context.run.option("name")
        if setting.known and "/" in str(setting.value):
            folder, _, name = str(setting.value).rpartition("/")
            yield self.finding(
                f"`name: {setting.value}` holds a slash",
                span=setting.span,
                notes=("logs and checkpoints are files whose names begin with it",),
                when="the trainer stops right after the checks at start-up, when its logger starts",
                help=f"use `name: {name}`" + (f" and `work_dir: {folder}`" if folder else ""),
                fix=_split(context, setting, folder, name),
            )


def _split(context: Context, setting: Setting[Any], folder: str, name: str) -> Fix | None:
    """The last part stays the name; the rest is the folder, where none is given."""
    named = replacement(context, setting, name)
    if named is None or not name:
        return None
    if not folder or context.run.option("work_dir").given:
        return attrs.evolve(named, safe=False)
    work_dir = new_option(context, {"work_dir": yaml_text(folder)})
    return together(f"write `name: {name}` and `work_dir: {folder}`", named, work_dir)
