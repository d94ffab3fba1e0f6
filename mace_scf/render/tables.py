"""Plain tables that cut nothing."""

from __future__ import annotations

from typing import Literal

from rich.table import Table
from rich.text import Text


def new_table(title: str, *columns: str) -> Table:
    """Columns whose names end in ``>`` are numbers and stand right; long names are folded, never cut."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.endswith(">") else "left"
        table.add_column(Text(column.rstrip(">")), justify=justify, overflow="fold")
    return table


def add_row(table: Table, *cells: str) -> None:
    """Plain text: names of files and keys may hold brackets, which rich would take for markup."""
    table.add_row(*map(Text, cells))
