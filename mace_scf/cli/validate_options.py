"""The command line of `mace-scf validate`: what can be asked for, and what is refused."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from ..diagnostics import Severity
from ..errors import MaceScfError
from ..rules.levels import read_levels
from ..rules.naming import known_prefix
from .trainer import add_trainer_arguments

FORMATS = {
    "json": "json_",
    "jsonl": "jsonl",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
}
"""Name of a format -> its module; `text` has its own way."""
LEVELS = {severity.word: severity for severity in Severity}


class RefusedError(MaceScfError):
    """A command line that cannot be followed."""


def read_options(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Our own options, and the words behind `--`, which belong to the training command.

    Raises:
        RefusedError: options that contradict each other.
        SystemExit: options that we do not have.
        MaceScfError: a word that stands for no rule or severity.
    """
    ours, theirs = _split(list(words))
    parser = _parser()
    arguments, strange = parser.parse_known_args(ours)
    if strange:
        parser.error(f"unrecognized arguments: {' '.join(strange)}; {_meant(strange[0], parser)}")
    if arguments.update_baseline and arguments.baseline is None:
        raise RefusedError("--update-baseline needs --baseline FILE")
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        raise RefusedError("--unsafe-fixes goes with --fix, or with --diff to see them first")
    arguments.wanted, arguments.severities = _wanted(arguments), _severities(arguments)
    return arguments, theirs


def _meant(word: str, parser: argparse.ArgumentParser) -> str:
    from ..catalog.suggest import suggest

    near = suggest(word.partition("=")[0], tuple(parser._option_string_actions))
    return f"did you mean {near[0]}?" if near else "options of the training command go behind `--`"


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands behind `--` belongs to the training command."""
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _wanted(arguments: argparse.Namespace) -> Callable[[str], bool]:
    selected, ignored = _codes(arguments.select), _codes(arguments.ignore)

    def wanted(code: str) -> bool:
        return (not selected or code.startswith(selected)) and not (ignored and code.startswith(ignored))

    return wanted


def _codes(text: str) -> tuple[str, ...]:
    """Beginnings of codes; a word that stands for no rule is refused, since it would hide or show nothing."""
    return tuple(known_prefix(word) for word in _words(text))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _severities(arguments: argparse.Namespace) -> dict[str, str]:
    """What `--severity CODE=LEVEL` says; raises MaceScfError for what is no rule or no level."""
    pairs = (word.partition("=") for text in arguments.severity for word in _words(text))
    severities = {code.strip(): level.strip() for code, _, level in pairs}
    read_levels((), severities)
    return severities


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf validate",
        description="Check training configs with their launchers and data before anything is queued.",
        epilog="Words after `--` are options of the training command: mace-scf validate c.yaml -- --lr 0.01",
    )
    _add_inputs(parser)
    add_trainer_arguments(parser)
    _add_output(parser)
    _add_selection(parser)
    _add_results(parser)
    _add_data(parser)
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE",
        help="config, launcher (*.sh), folder of configs, or - for standard input",
    )  # fmt: skip
    add = parser.add_argument
    add("--launcher", metavar="FILE", help="training script whose command names the config")
    add("--no-launcher", action="store_true", help="do not look for a script beside the config")
    add(
        "--complete", action="store_true",
        help="nothing else will be given: absent options have their defaults",
    )  # fmt: skip


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--format", choices=("text", *FORMATS), default="text")
    add("--statistics", action="store_true", help="print how often each code was found, nothing else")
    add("--color", choices=("auto", "always", "never"), default="auto")


def _add_selection(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--select", default="", metavar="CODES", help="report only these rules: L,C101,unknown-term")
    add("--ignore", default="", metavar="CODES", help="do not report these rules")
    add(
        "--severity", action="append", default=[], metavar="CODE=LEVEL",
        help="another severity: error, warning, info or off (can be repeated; a project file may list them)",
    )  # fmt: skip
    add(
        "--fail-level", choices=("error", "warning", "info"), default="error",
        help="exit 1 from this severity on",
    )  # fmt: skip
    add("--exit-zero", action="store_true", help="exit 0 whatever was found")


def _add_results(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--resolved", metavar="FILE", help="write every option with its value and source (one config only)")
    add("--baseline", metavar="FILE", help="leave out the findings that this file knows")
    add("--update-baseline", action="store_true", help="with --baseline: make all findings of this run known")
    add("--fix", action="store_true", help="carry out the safe fixes in the config and its launcher")
    add(
        "--unsafe-fixes", action="store_true",
        help="with --fix or --diff: also fixes that may not be what was meant",
    )  # fmt: skip
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")


def _add_data(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--require-data", action="store_true", help="a label file that is not there is an error")
    add("--no-data", action="store_true", help="do not look at label files")
    add("--values", action="store_true", help="parse every number of the label files")
    add("--verify", action="store_true", help="believe a kept profile of a large file only after hashing it")
    add(
        "--dataset-card", action="append", default=[], metavar="[SPLIT=]CARD",
        help="card written by `mace-scf profile -o` that stands for the data of a split",
    )  # fmt: skip
