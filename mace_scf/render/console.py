"""The console on which tables are printed."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class PipedConsole(Console):
    """A console whose reader may go away (`| head`): that is no finding, and no status of its own."""

    def on_broken_pipe(self) -> NoReturn:
        """Let the entry point keep its promise; rich would leave with status 1."""
        raise BrokenPipeError
