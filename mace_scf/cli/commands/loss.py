"""`mace-scf loss LOG`: what each term weighed lately, by stage, as a table."""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from ...errors import MaceScfError
from ...logs import WRITTEN_TO, Recent, StageWindow, TermWindow, follow, read_log
from ..status import CLEAN, FINDINGS, USAGE


def run(words: Sequence[str]) -> int:
    """Print the last batches of every stage; 1 if a term was not finite in them."""
    arguments = _parser().parse_args(words)
    try:
        if arguments.follow:
            return _follow(arguments)
        recent = Recent(arguments.last).add_all(read_log(arguments.log))
    except MaceScfError as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    stages = recent.stages()
    if not stages:
        print(
            f"mace-scf: {arguments.log}: there is no loss breakdown in it; {WRITTEN_TO}",
            file=sys.stderr,
        )
    elif arguments.json:
        print(json.dumps(_as_dict(recent), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _print(stages)
    _say_unread(recent, arguments.log)
    return _status(stages)


def _print(stages: Sequence[StageWindow]) -> None:
    from ...render.breakdown import BreakdownView
    from ...render.console import PipedConsole

    console = PipedConsole(highlight=False)
    for place, stage in enumerate(stages):
        console.print(*([""] if place else []), BreakdownView(_lines(stage), _title(stage)), sep="\n")
    if not all(stage.split_known for stage in stages):
        console.print("\nThe log does not tell training from validation batches.", style="dim")


def _follow(arguments: argparse.Namespace) -> int:
    """The newest stage, shown anew while the log grows, until interrupted."""
    from ...render.breakdown import LiveBreakdown

    gc.enable()  # unlike other verbs this one runs for hours
    recent = Recent(arguments.last)
    with LiveBreakdown() as live:

        def idle() -> bool:
            for stage in recent.stages()[-1:]:
                live.show(_lines(stage), title=_title(stage))
            return True

        _until_interrupted(lambda: recent.add_all(follow(arguments.log, idle=idle)))
    return _status(recent.stages())


def _until_interrupted(work: Callable[[], object]) -> None:
    try:
        work()
    except KeyboardInterrupt:
        return


def _lines(stage: StageWindow) -> list[Any]:
    from ...render.breakdown import TermLine

    return [
        TermLine(
            term.name, term.weighted, term.raw, term.weight, count=term.count,
            not_finite=term.not_finite, trend=term.trend, change=term.change,
        )
        for term in stage.terms
    ]  # fmt: skip


def _title(stage: StageWindow) -> str:
    name = "batches" if stage.stage is None else f"stage {stage.stage}"
    name += "" if stage.split is None else f", {stage.split}"
    epochs = "" if stage.epochs is None else f", epochs {stage.epochs[0]} to {stage.epochs[1]}"
    return f"{name}: mean of the last {stage.shown} of {stage.batches} batches{epochs}"


def _status(stages: Sequence[StageWindow]) -> int:
    if not stages:
        return USAGE
    return FINDINGS if any(term.not_finite for stage in stages for term in stage.terms) else CLEAN


def _say_unread(recent: Recent, log: str) -> None:
    first = recent.first_unread
    if first is not None:
        total = sum(recent.unread.values())
        print(
            f"mace-scf: not readable in {total} place{'' if total == 1 else 's'}; "
            f"the first is {log}:{first.line}: {first.reason}",
            file=sys.stderr,
        )


def _as_dict(recent: Recent) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "batches": recent.batches,
        "runs": recent.runs,
        "unread": dict(recent.unread),
        "stages": [
            {**attrs.asdict(stage, recurse=False), "terms": [_term_as_dict(term) for term in stage.terms]}
            for stage in recent.stages()
        ],
    }


def _term_as_dict(term: TermWindow) -> dict[str, Any]:
    """JSON has no nan: a mean of nothing is null."""
    return {key: _number(value) for key, value in attrs.asdict(term, recurse=False).items()}


def _number(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_number(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf loss",
        description="What each loss term weighed lately, by stage: value, share, trend, and what is odd about it.",
        epilog="Ends with 1 if a term was nan or infinite in the batches shown.",
    )
    add = parser.add_argument
    add("log", metavar="LOG", help="a debug log, or the JSON lines of the loss recorder")
    add("--last", type=_positive, default=100, metavar="N", help="batches of each stage to look at (100)")
    add("--follow", action="store_true", help="keep showing the newest stage while the log grows")
    add("--json", action="store_true", help="everything, for machines")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of batches: give 1 or more")
    return int(text)
