"""Which editors there are, and what wiring one of them comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import helix, jetbrains, neovim, vscode
from .change import Plan, ReadText, Schema

EDITORS: Mapping[str, Callable[[tuple[Schema, ...], ReadText], Plan]] = {
    "vscode": vscode.plan,
    "jetbrains": jetbrains.plan,
    "neovim": neovim.plan,
    "helix": helix.plan,
}


def plan(editor: str, schemas: tuple[Schema, ...], read: ReadText) -> Plan:
    """The files to write; raises RefusedError where a file of the user's would be harmed."""
    return EDITORS[editor](schemas, read)
