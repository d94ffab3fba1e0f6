"""What a team has set for its folder, and the trainer that follows from it: project file, extensions, entry points."""

from __future__ import annotations

from .find import find_project
from .select import Given, Selection, SeverityChoice, select_trainer

__all__ = ["Given", "Selection", "SeverityChoice", "find_project", "select_trainer"]
