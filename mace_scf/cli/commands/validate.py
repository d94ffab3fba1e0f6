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

from ...checker import Request, check_text, unreadable_report
from ...diagnostics import Report, merged_report
from ...errors import MaceScfError, UnreadableInputError
from ...inputs import OPTIONS_FILE, Text, is_script, read_config, read_text, why_not_followed
from ...project.find import PROJECT_FILE
from ...rules.data_facts import Measuring
from ..status import CLEAN, FINDINGS, USAGE, leave_unread
from ..validate_options import FORMATS, LEVELS, read_options

if TYPE_CHECKING:
    from ...resolve import ValidatedStage

_WAYS_TO_LAUNCH = ("slurm", "torchrun", "mpi", "none")  # for the trainer
_CONFIG_SUFFIXES = (".yaml", ".yml")


def run(words: Sequence[str]) -> int:
    """Check every input; one unreadable input does not keep the others from being checked."""
    try:
        arguments, options = read_options(words)
    except MaceScfError as error:
        return _refuse(str(error))
    every: list[Report[ValidatedStage]] = []
    unread: list[Report[ValidatedStage]] = []
    sources = {OPTIONS_FILE: " ".join(options)}
    statuses = [_check(name, arguments, options, every, unread, sources) for name in _expand(arguments.files)]
    reports = _without_strays(every, set(arguments.files))
    if not statuses or (every and not reports):
        return _refuse(f"no config in {', '.join(arguments.files)}")
    if reports:
        return max(*statuses, _tell(reports, len(every), unread, sources, arguments))
    if unread and arguments.format != "text":
        _print_as_far_as_read(merged_report(unread), sources, arguments)
    return max(statuses)


def _tell(
    reports: Sequence[Report[ValidatedStage]], looked_at: int, unread: Sequence[Report[ValidatedStage]],
    sources: dict[str, str], arguments: argparse.Namespace,
) -> int:  # fmt: skip
    """Write and print what was found."""

    def merged(each: Sequence[Report[ValidatedStage]]) -> Report[ValidatedStage]:
        return _merged(each, looked_at - len(reports))

    try:
        _write_resolved(reports, sources, arguments)
        report = _without_known(reports, merged, arguments)
    except MaceScfError as error:
        return _refuse(str(error))
    told = report if arguments.format == "text" else _with_unread(report, unread)
    _print_as_far_as_read(told, sources, arguments)
    return _status(report, arguments)


def _with_unread(
    report: Report[ValidatedStage], unread: Sequence[Report[ValidatedStage]]
) -> Report[ValidatedStage]:
    """Beside what was checked, what could not be: programs do not read standard error."""
    import attrs

    more = merged_report(unread)
    return attrs.evolve(
        report, findings=(*report.findings, *more.findings), files=(*report.files, *more.files),
        unreadable=report.unreadable or bool(unread),
    )  # fmt: skip


def _print_as_far_as_read(
    report: Report[ValidatedStage], sources: dict[str, str], arguments: argparse.Namespace
) -> None:
    """The exit status is the same where the reader goes away (`| head`)."""
    try:
        _print(report, sources, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_unread()


def _without_known(
    reports: Sequence[Report[ValidatedStage]],
    merged: Callable[[Sequence[Report[ValidatedStage]]], Report[ValidatedStage]],
    arguments: argparse.Namespace,
) -> Report[ValidatedStage]:
    if arguments.baseline is None:
        return merged(reports)
    from ..known_findings import against_baseline

    return against_baseline(arguments.baseline, reports, merged, update=arguments.update_baseline)


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


def _write_resolved(
    reports: Sequence[Report[ValidatedStage]], sources: Mapping[str, str], arguments: argparse.Namespace
) -> None:
    if arguments.resolved is None:
        return
    from ...atomic import write_text
    from ...render.resolved import render_resolved

    if len(reports) != 1:
        raise UnreadableInputError(arguments.resolved, "--resolved is about one config")
    try:
        texts = {name: sources[name] for name in reports[0].files if name in sources}
        write_text(arguments.resolved, render_resolved(reports[0], texts))
    except OSError as error:
        raise UnreadableInputError(arguments.resolved, error.strerror or str(error)) from error


def _refuse(reason: str) -> int:
    print(f"mace-scf: {reason}", file=sys.stderr)
    return USAGE


def _check(
    name: str, arguments: argparse.Namespace, options: list[str],
    reports: list[Report[ValidatedStage]], unread: list[Report[ValidatedStage]], sources: dict[str, str],
) -> int:  # fmt: skip
    request = _request(arguments, options)
    try:
        for text, one in _follow(read_config(name, request.launcher), request):
            report = check_text(text, one)
            sources[text.name] = text.text
            sources.update((file, read_text(file).text) for file in report.files if file not in sources)
            if arguments.fix or arguments.diff:
                from ..mending import mend

                unsafe, only_show = arguments.unsafe_fixes, arguments.diff
                report = mend(text, one, report, sources, unsafe=unsafe, only_show=only_show)
            reports.append(report)
    except UnreadableInputError as error:
        unread.append(unreadable_report(error))
        return _refuse(f"{error}{_hint(error, arguments)}")
    except MaceScfError as error:
        return _refuse(str(error))
    return CLEAN


def _request(arguments: argparse.Namespace, options: list[str]) -> Request:
    return Request(
        trainer=arguments.trainer, extensions=tuple(arguments.extension), project=not arguments.no_project,
        entry_points=arguments.entry_points, options=options, launcher=_launcher(arguments),
        complete=arguments.complete, data=not arguments.no_data, measuring=_measuring(arguments),
        require_data=arguments.require_data,
        wanted=arguments.wanted, severity=arguments.severities,
    )  # fmt: skip


def _hint(error: UnreadableInputError, arguments: argparse.Namespace) -> str:
    """What may have been meant by a file that is not there."""
    if os.path.exists(error.path):
        return ""
    if error.path == arguments.launcher and error.path in _WAYS_TO_LAUNCH:
        return f"; --launcher takes a script, the trainer's own option goes behind `--`: -- --launcher {error.path}"
    from ...catalog.suggest import suggest

    folder, name = os.path.split(error.path)
    try:
        near = suggest(name, tuple(sorted(os.listdir(folder or "."))))
    except OSError:
        return ""
    return f"; did you mean {os.path.join(folder, near[0])}?" if near else ""


def _measuring(arguments: argparse.Namespace) -> Measuring:
    return Measuring(arguments.values, arguments.verify, tuple(arguments.dataset_card))


def _launcher(arguments: argparse.Namespace) -> str | bool | None:
    return False if arguments.no_launcher else arguments.launcher


def _follow(text: Text, request: Request) -> Iterator[tuple[Text, Request]]:
    """A launcher given in place of a config leads to the configs that it names."""
    reason = why_not_followed(text.name)
    if reason is not None:
        raise UnreadableInputError(text.name, reason)
    if not is_script(text):
        yield text, request
        return
    import attrs

    from ...inputs.written import configs_of_launcher

    for config in configs_of_launcher(text):
        yield config, attrs.evolve(request, launcher=text.name)


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
    failed = report.at_least(LEVELS[arguments.fail_level]) and not arguments.exit_zero
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
        module = importlib.import_module(f"...render.{FORMATS[arguments.format]}", __package__)
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
