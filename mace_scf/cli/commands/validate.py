"""`mace-scf validate`: check configs and launchers, print what was found, exit accordingly."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...checker import Request, check_text
from ...diagnostics import Report, Severity, merged_report
from ...errors import MaceScfError, UnreadableInputError
from ...inputs import OPTIONS_FILE, STANDARD_INPUT, Text, read_config, read_text
from ...project.find import PROJECT_FILE
from ...rules.data_facts import Measuring
from ...rules.levels import read_levels
from ...rules.naming import known_prefix
from ..status import CLEAN, FINDINGS, USAGE
from ..trainer import add_trainer_arguments

if TYPE_CHECKING:
    from ...baseline import Compared
    from ...resolve import ValidatedStage

_LEVELS = {severity.word: severity for severity in Severity}
_FORMATS = {
    "json": "json_",
    "jsonl": "jsonl",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
}
_CONFIG_SUFFIXES = (".yaml", ".yml")


def run(words: Sequence[str]) -> int:
    """Check every input; one unreadable input does not keep the others from being checked."""
    ours, options = _split(list(words))
    arguments = _parser().parse_args(ours)
    if arguments.update_baseline and arguments.baseline is None:
        return _refuse("--update-baseline needs --baseline FILE")
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        return _refuse("--unsafe-fixes goes with --fix, or with --diff to see them first")
    try:
        arguments.wanted, arguments.severities = _wanted(arguments), _severities(arguments)
    except MaceScfError as error:
        return _refuse(str(error))
    names = list(_expand(arguments.files))
    if not names:
        return _refuse(f"no config in {', '.join(arguments.files)}")
    every: list[Report[ValidatedStage]] = []
    sources = {OPTIONS_FILE: " ".join(options)}
    statuses = [_check(name, arguments, options, every, sources) for name in names]
    reports = _without_strays(every, set(arguments.files))
    if every and not reports:
        return _refuse(f"no config in {', '.join(arguments.files)}")
    if reports:
        try:
            _write_resolved(reports, arguments)
            report = _against_baseline(reports, len(every) - len(reports), arguments)
        except MaceScfError as error:
            return _refuse(str(error))
        _print(report, sources, arguments)
        statuses.append(_status(report, arguments))
    return max(statuses)


def _without_strays(
    reports: Sequence[Report[ValidatedStage]], named: set[str]
) -> list[Report[ValidatedStage]]:
    """Other YAML that lies in a folder is nobody's mistake; a file that was named is meant as a config."""
    return [report for report in reports if not report.stray or named & set(report.files[:1])]


def _merged(reports: Sequence[Report[ValidatedStage]], strays: int) -> Report[ValidatedStage]:
    import attrs

    report = merged_report(reports)
    if not strays:
        return report
    fact = f"{strays} other YAML file{'s hold' if strays > 1 else ' holds'} no training config"
    return attrs.evolve(report, confirmed=(*report.confirmed, fact))


def _write_resolved(reports: Sequence[Report[ValidatedStage]], arguments: argparse.Namespace) -> None:
    if arguments.resolved is None:
        return
    from ...atomic import write_text
    from ...render.resolved import render_resolved

    if len(reports) != 1:
        raise UnreadableInputError(arguments.resolved, "--resolved is about one config")
    try:
        write_text(arguments.resolved, render_resolved(reports[0]))
    except OSError as error:
        raise UnreadableInputError(arguments.resolved, error.strerror or str(error)) from error


def _against_baseline(
    reports: Sequence[Report[ValidatedStage]], strays: int, arguments: argparse.Namespace
) -> Report[ValidatedStage]:
    """Without the findings that the baseline knows; with --update-baseline, all of them become known."""
    report = _merged(reports, strays)
    if arguments.baseline is None:
        return report
    import attrs

    from ...baseline import compare, read_baseline, without_known, write_baseline

    if arguments.update_baseline:
        write_baseline(arguments.baseline, report)
    compared = compare(report, read_baseline(arguments.baseline), folder=os.path.dirname(arguments.baseline))
    kept = frozenset(compared.report.findings)
    left = _merged([without_known(each, kept) for each in reports], strays)
    fact = f"baseline {arguments.baseline}: {_counted(compared, written=arguments.update_baseline)}"
    return attrs.evolve(compared.report, confirmed=(fact, *left.confirmed), unshown=left.unshown)


def _counted(compared: Compared, *, written: bool) -> str:
    """What became of the findings of this run, in numbers."""
    findings = f"{compared.hidden} finding{'' if compared.hidden == 1 else 's'}"
    if written:
        return f"{findings} written"
    gone = f"; {compared.gone} of its entries match nothing any more" if compared.gone else ""
    return f"{findings.replace(' ', ' known ', 1)} left out{gone}"


def _refuse(reason: str) -> int:
    print(f"mace-scf: {reason}", file=sys.stderr)
    return USAGE


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands behind `--` belongs to the training command."""
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _check(
    name: str, arguments: argparse.Namespace, options: list[str],
    reports: list[Report[ValidatedStage]], sources: dict[str, str],
) -> int:  # fmt: skip
    request = Request(
        trainer=arguments.trainer, extensions=tuple(arguments.extension), project=not arguments.no_project,
        entry_points=arguments.entry_points, options=options, launcher=_launcher(arguments),
        complete=arguments.complete, data=not arguments.no_data, measuring=_measuring(arguments),
        require_data=arguments.require_data,
        wanted=arguments.wanted, severity=arguments.severities,
    )  # fmt: skip
    try:
        for text, one in _follow(read_config(name, request.launcher), request):
            report = check_text(text, one)
            sources[text.name] = text.text
            sources.update((file, read_text(file).text) for file in report.files if file not in sources)
            if arguments.fix or arguments.diff:
                report = _fix(text, one, report, sources, arguments)
            reports.append(report)
    except MaceScfError as error:
        return _refuse(str(error))
    return CLEAN


def _fix(
    text: Text,
    request: Request,
    report: Report[ValidatedStage],
    sources: dict[str, str],
    arguments: argparse.Namespace,
) -> Report[ValidatedStage]:
    """Mend the config and its launcher; the report is on what was written, or on the files as they are with --diff."""
    import attrs

    from ...fixing import diff, fix_all
    from ...inputs import byte_order_mark, replace_text

    if text.name == STANDARD_INPUT and not arguments.diff:
        raise UnreadableInputError(text.name, "standard input cannot be changed; --diff shows what would be")
    before = {name: sources[name] for name in report.files}

    def check(texts: Mapping[str, str]) -> Report[ValidatedStage]:
        return check_text(
            attrs.evolve(text, text=texts.get(text.name, text.text)), attrs.evolve(request, texts=texts)
        )

    fixed = fix_all(before, check, unsafe=arguments.unsafe_fixes)
    if arguments.diff:
        marks = {name: byte_order_mark(name) for name in before}
        sys.stdout.write(diff(*({name: marks[name] + text for name, text in texts.items()}
                                for texts in (before, fixed.texts))))  # fmt: skip
        return report
    changed = {name: mended for name, mended in fixed.texts.items() if mended != before[name]}
    for name in changed:
        if read_text(name).text != before[name]:
            raise UnreadableInputError(name, "has changed while it was checked; nothing was written")
    for name, mended in changed.items():
        replace_text(name, mended)
    for line in fixed.done:
        print(f"fixed {line}", file=sys.stderr)
    if fixed.guesses:
        print(f"{fixed.guesses} more with --unsafe-fixes; check that they are what you mean", file=sys.stderr)
    sources.update(fixed.texts)
    return fixed.report


def _measuring(arguments: argparse.Namespace) -> Measuring:
    return Measuring(arguments.values, arguments.verify, tuple(arguments.dataset_card))


def _launcher(arguments: argparse.Namespace) -> str | bool | None:
    return False if arguments.no_launcher else arguments.launcher


def _follow(text: Text, request: Request) -> Iterator[tuple[Text, Request]]:
    """A launcher given in place of a config leads to the configs that it names."""
    if text.name.endswith(".py"):
        reason = "commands that a Python script starts are not read; give the config, and their options behind `--`"
        raise UnreadableInputError(text.name, reason)
    if not text.name.endswith((".sh", ".bash", ".slurm", ".sbatch")):
        yield text, request
        return
    import attrs

    from ...inputs.written import configs_of_launcher

    for config in configs_of_launcher(text):
        yield config, attrs.evolve(request, launcher=text.name)


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


def _expand(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if os.path.isdir(name):
            yield from _configs_below(name)
        else:
            yield name


def _configs_below(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names = (os.path.join(place, name) for name in sorted(files) if _is_config(name))
        yield from (name.removeprefix("./") for name in names)


def _is_config(name: str) -> bool:
    """YAML, but not the project file, which says something about the configs."""
    return name.endswith(_CONFIG_SUFFIXES) and name != PROJECT_FILE


def _status(report: Report[Any], arguments: argparse.Namespace) -> int:
    if report.unreadable:
        return USAGE
    failed = report.at_least(_LEVELS[arguments.fail_level]) and not arguments.exit_zero
    return FINDINGS if failed else CLEAN


def _print(report: Report[ValidatedStage], sources: dict[str, str], arguments: argparse.Namespace) -> None:
    if arguments.statistics:
        sys.stdout.write(_statistics(report))
    elif arguments.format == "text":
        _print_text(report, sources, arguments)
    elif arguments.format == "json":
        from ...render.json_ import json_pieces

        sys.stdout.writelines(json_pieces(report))
    else:
        module = importlib.import_module(f"...render.{_FORMATS[arguments.format]}", __package__)
        sys.stdout.write(getattr(module, f"render_{arguments.format}")(report))
        if arguments.format == "github":
            _add_summary(module.step_summary(report))


def _add_summary(text: str) -> None:
    """To the page of the step, where GitHub offers one; the annotations are there without it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with (
            contextlib.suppress(OSError),
            open(path, "a", encoding="utf-8", errors="backslashreplace") as file,
        ):
            file.write(text)


def _statistics(report: Report[ValidatedStage]) -> str:
    """How often each code was found, the most frequent first."""
    counts = Counter((finding.code, finding.slug, finding.severity.word) for finding in report.findings)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return "".join(f"{count:>6}  {code}  {severity:<7}  {slug}\n" for (code, slug, severity), count in rows)


def _print_text(report: Report[Any], sources: dict[str, str], arguments: argparse.Namespace) -> None:
    from ...render.text import print_rich, render_text

    if arguments.color == "always" or (arguments.color == "auto" and sys.stdout.isatty()):
        print_rich(report, sources)
    else:
        sys.stdout.write(render_text(report, sources))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf validate",
        description="Check training configs with their launchers and data before anything is queued.",
        epilog="Words after `--` are options of the training command: mace-scf validate c.yaml -- --lr 0.01",
    )
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        metavar="FILE",
        help="config, launcher (*.sh), folder of configs, or - for standard input",
    )
    add("--launcher", metavar="FILE", help="training script whose command names the config")
    add("--no-launcher", action="store_true", help="do not look for a script beside the config")
    add(
        "--complete",
        action="store_true",
        help="nothing else will be given: absent options have their defaults",
    )
    add_trainer_arguments(parser)
    add("--format", choices=("text", *_FORMATS), default="text")
    add("--statistics", action="store_true", help="print how often each code was found, nothing else")
    add("--color", choices=("auto", "always", "never"), default="auto")
    add("--select", default="", metavar="CODES", help="report only these rules: L,C101,unknown-term")
    add("--ignore", default="", metavar="CODES", help="do not report these rules")
    add(
        "--severity",
        action="append",
        default=[],
        metavar="CODE=LEVEL",
        help="another severity: error, warning, info or off (can be repeated; a project file may list them)",
    )
    add(
        "--fail-level",
        choices=("error", "warning", "info"),
        default="error",
        help="exit 1 from this severity on",
    )
    add("--exit-zero", action="store_true", help="exit 0 whatever was found")
    add("--resolved", metavar="FILE", help="write every option with its value and source (one config only)")
    add("--baseline", metavar="FILE", help="leave out the findings that this file knows")
    add("--update-baseline", action="store_true", help="with --baseline: make all findings of this run known")
    add("--fix", action="store_true", help="carry out the safe fixes in the config and its launcher")
    add(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: also fixes that may not be what was meant",
    )
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")
    add("--require-data", action="store_true", help="a label file that is not there is an error")
    add("--no-data", action="store_true", help="do not look at label files")
    add("--values", action="store_true", help="parse every number of the label files")
    add("--verify", action="store_true", help="believe a kept profile of a large file only after hashing it")
    add(
        "--dataset-card",
        action="append",
        default=[],
        metavar="[SPLIT=]CARD",
        help="card written by `mace-scf profile -o` that stands for the data of a split",
    )
    return parser
