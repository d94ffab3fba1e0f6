"""Exit statuses, the same for every verb, and what is done where nobody reads what we print."""

from __future__ import annotations

import os
import sys

CLEAN = 0
FINDINGS = 1
USAGE = 2
INTERNAL = 3


def leave_unread() -> None:
    """The reader of our output went away (`| head`): write to nobody, so that no later flush complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
