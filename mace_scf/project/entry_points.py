"""Extensions that installed packages bring along, by entry points of the group `mace_scf.extensions`."""

from __future__ import annotations

import os
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..extension.problems import unreadable

GROUP = "mace_scf.extensions"


def entry_point_files(asked_at: Span | None) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Paths of the files, and a finding for each entry point that leads to none.

    An entry point names a path, or a function without arguments that returns one. Looking through the
    installed packages takes longer than checking a config, so this is done only when asked for.
    """
    from importlib.metadata import entry_points

    files, problems = [], []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            files.append(_path(point.load()))
        except Exception as error:  # the code of another package may do anything
            reason = str(error) or type(error).__name__
            what = f"the entry point `{point.name} = {point.value}` leads to no extension: {reason}"
            problems.append(unreadable(what, asked_at, advice="mend the package, or uninstall it"))
    return tuple(files), tuple(problems)


def _path(found: Any) -> str:
    path = os.fspath(found() if callable(found) else found)
    if not isinstance(path, str) or not os.path.isfile(path):
        raise FileNotFoundError(f"{path!r} is no file")
    return path
