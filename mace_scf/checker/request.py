"""What to check, and how strictly."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from ..project import Given
from ..rules.data_facts import Measuring


@attrs.frozen(eq=False)
class Request:
    """What to check, and how strictly.

    Attributes:
        trainer: name of the trainer version; ``None`` takes what the extensions extend.
        options: words of the training command, or option name to value.
        launcher: path of the training script; ``None`` looks for a sibling, ``False`` does not look.
        complete: nothing else will be given, so defaults apply.
        data: look at the label files.
        measuring: how they are looked at.
        require_data: a label file that is not there is an error.
        wanted: which codes to report.
        texts: texts that stand for files of those names, such as mended ones.
        extensions: declarations of a fork, as files or mappings.
        project: look for a project file at or above the folder of the config.
        entry_points: look for extensions in the installed packages.
        severity: other severities, by code, name of a rule, or beginning of codes; ``off`` leaves findings out.
    """

    trainer: str | None = None
    options: Sequence[str] | Mapping[str, Any] | None = None
    launcher: str | os.PathLike[str] | bool | None = None
    complete: bool = False
    data: bool = True
    measuring: Measuring = attrs.field(factory=Measuring)
    require_data: bool = False
    wanted: Callable[[str], bool] = lambda code: True
    texts: Mapping[str, str] = attrs.field(factory=dict)
    extensions: Sequence[str | os.PathLike[str] | Mapping[Any, Any]] = ()
    project: bool = True
    entry_points: bool = False
    severity: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def given(self) -> Given:
        """What it says about the trainer."""
        return Given(self.trainer, self.extensions, self.project, self.entry_points)
