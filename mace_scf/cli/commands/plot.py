"""`mace-scf plot LOG`: the loss terms of a training run as a picture."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ...errors import MaceScfError
from ...logs import WRITTEN_TO, read_log
from ...plot import LossSeries, collect, losses_figure, save_figure, write_csv
from ..status import CLEAN, USAGE

_FORMATS = ("png", "pdf", "svg", "jpg", "jpeg", "webp", "eps", "ps", "tif", "tiff")


def run(words: Sequence[str], *, program: str = "mace-scf plot") -> int:
    """Draw one log."""
    arguments = _parser(program).parse_args(words)
    epochs = {"min_epoch": arguments.min_epoch, "max_epoch": arguments.max_epoch}
    try:
        series = collect(read_log(arguments.log), **epochs)
        if not series.batches:
            return _nothing(arguments.log, series)
        out = _image_name(arguments.log, arguments.name)
        save_figure(losses_figure(series, title=_title(arguments)), out)
        if arguments.data:
            with open(out.with_suffix(".csv"), "w", encoding="utf-8", newline="") as file:
                write_csv(read_log(arguments.log), file, **epochs)
    except (MaceScfError, OSError, ValueError) as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    print(f"{out}: {_summary(series)}")
    _say_unread(series, arguments.log)
    return CLEAN


def _image_name(log: str, name: str | None) -> Path:
    """As given, with an ending; without a name beside the log."""
    if name is None:
        return Path(log).with_name(f"{Path(log).stem}_losses.png")
    if name.endswith(os.sep) or Path(name).is_dir():
        raise IsADirectoryError(f"{name} is a folder; --name takes the name of a file")
    if not Path(name).parent.is_dir():
        raise FileNotFoundError(f"there is no folder {Path(name).parent} for {Path(name).name}")
    return Path(name) if Path(name).suffix[1:].lower() in _FORMATS else Path(f"{name}.png")


def _title(arguments: argparse.Namespace) -> str:
    first, last = arguments.min_epoch, arguments.max_epoch
    name = Path(arguments.log).name
    if first is None and last is None:
        return name
    return f"{name}, epochs {'…' if first is None else first} to {'…' if last is None else last}"


def _summary(series: LossSeries) -> str:
    parts = [f"{_counted(len(series.terms), 'term')} over {_counted(series.batches, 'batch', 'batches')}"]
    if series.runs:
        parts.append(_counted(len(series.runs), "restart"))
    if series.left_out:
        parts.append(f"{_counted(series.left_out, 'batch', 'batches')} outside the epochs asked for")
    return ", ".join(parts)


def _counted(number: int, word: str, plural: str = "") -> str:
    return f"{number} {word if number == 1 else plural or word + 's'}"


def _say_unread(series: LossSeries, log: str) -> None:
    first = series.first_unread
    if first is not None:
        total = sum(series.unread.values())
        print(
            f"mace-scf: {_counted(total, 'place')} could not be read; the first is {log}:{first.line}: {first.reason}",
            file=sys.stderr,
        )


def _nothing(log: str, series: LossSeries) -> int:
    if series.left_out:
        reason = f"none of its {series.left_out} batches lies in the epochs asked for"
    else:
        reason = f"there is no loss breakdown in it; {WRITTEN_TO}"
    print(f"mace-scf: {log}: {reason}", file=sys.stderr)
    _say_unread(series, log)
    return USAGE


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program, description="Draw the weighted loss terms of a training run, batch by batch."
    )
    add = parser.add_argument
    add("log", metavar="LOG", help="a debug log, or the JSON lines of the loss recorder")
    add("--min_epoch", "--min-epoch", type=int, metavar="N", help="first epoch to show")
    add("--max_epoch", "--max-epoch", type=int, metavar="N", help="last epoch to show")
    add("--name", metavar="OUT", help="name of the picture; the ending chooses the format, png by default")
    add("--data", action="store_true", help="also write the numbers beside the picture, as CSV")
    return parser
