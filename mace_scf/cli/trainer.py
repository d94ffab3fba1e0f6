"""The options that choose a trainer, alike for every verb: its version and the extensions of it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..catalog.trainer import Trainer
from ..diagnostics import Report, Severity
from ..inputs import read_text
from ..project import Given, Selection, select_trainer


def add_trainer_arguments(parser: argparse.ArgumentParser) -> None:
    """`--trainer`, `--extension`, `--no-project`, `--entry-points`."""
    add = parser.add_argument
    add("--trainer", metavar="NAME", help="trainer version: upstream (default), engine or upstream-old")
    add(
        "--extension", action="append", default=[], metavar="FILE",
        help="what a fork of the trainer changes (can be repeated; see docs/extensions.md)",
    )  # fmt: skip
    add("--no-project", action="store_true", help="do not look for mace-scf.yaml or pyproject.toml")
    add(
        "--entry-points", action="store_true", help="also take extensions that installed packages bring along"
    )


def given_trainer(arguments: argparse.Namespace) -> Given:
    """What the command line says about the trainer."""
    return Given(
        arguments.trainer, tuple(arguments.extension), not arguments.no_project, arguments.entry_points
    )


def chosen_trainer(arguments: argparse.Namespace) -> Trainer | None:
    """The trainer of a verb without a config; see :func:`chosen_selection`."""
    selection = chosen_selection(arguments)
    return None if selection is None else selection.trainer


def chosen_selection(arguments: argparse.Namespace) -> Selection | None:
    """The trainer of a verb without a config, seen from the present folder, with the files it comes from.

    Where an extension is wrong, its findings go to standard error, and there is none.

    Raises:
        MaceScfError: no such trainer version, or an extension that cannot be opened.
    """
    selection = select_trainer(given_trainer(arguments), directory=".")
    report: Report[Any] = Report(selection.problems, files=selection.files)
    if report.at_least(Severity.ERROR):
        from ..render.text import render_text

        sources = {file: read_text(file).text for file in report.files}
        sys.stderr.write(render_text(report, sources))
        return None
    return selection
