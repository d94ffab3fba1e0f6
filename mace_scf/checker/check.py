"""What is checked: a config under each of its commands, or a file that says something about configs."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from ..config import read_arguments
from ..config.argument_words import given_at
from ..diagnostics import Diagnostic, Report, Severity, Span
from ..errors import UnreadableInputError
from ..inputs import (
    STANDARD_INPUT,
    LauncherChoice,
    LauncherReader,
    Text,
    choose_launcher,
    mapping_document,
    read_config,
    read_text,
)
from ..project import select_trainer
from ..project.find import PYPROJECT
from ..resolve import ValidatedStage
from ..rules.data_facts import Measuring
from ..source import Document, parse_yaml
from .kinds import is_declaration
from .request import Request
from .run import Inputs, run_report

if TYPE_CHECKING:
    from ..source.launcher import Word


def validate(
    config: str | os.PathLike[str] | Mapping[Any, Any],
    *,
    options: Sequence[str] | Mapping[str, Any] | None = None,
    launcher: str | os.PathLike[str] | bool | None = None,
    trainer: str | None = None,
    complete: bool = False,
    data: bool = True,
    values: bool = False,
    require_data: bool = False,
    extensions: Sequence[str | os.PathLike[str] | Mapping[Any, Any]] = (),
    project: bool = True,
    severity: Mapping[str, str] | None = None,
    dataset_cards: Sequence[str] = (),
) -> Report[ValidatedStage]:
    """Check one run before it is queued.

    Args:
        config: path of a config file, or its content as a mapping.
        options: what the command line gives, as words (``["--lr", "0.1"]``) or as name to value.
        launcher: training script to read; by default a sibling ``*.sh`` that names the config; False for none.
        trainer: trainer version, such as ``upstream`` or ``engine``; by default what the extensions extend.
        complete: nothing else will be given: options that were not seen have their defaults.
        data: look at the label files.
        values: parse every number in them.
        require_data: and make their absence an error.
        extensions: what a fork of the trainer changes, as files or mappings.
        project: look for a project file at or above the folder of the config.
        severity: other severities than rules have by themselves, such as ``{"L205": "error", "D": "off"}``.
        dataset_cards: cards in place of data files, each a path or ``split=path``.

    Returns:
        every finding at once; nothing is raised for a mistake in the inputs.

    Raises:
        UnknownTrainerError: no such trainer version.
        UnreadableInputError: a file cannot be opened or is no text.
        UnknownRuleError, UnknownLevelError: in ``severity``.
    """
    request = Request(
        trainer, options, launcher, complete, data, Measuring(values, cards=tuple(dataset_cards)), require_data,
        extensions=extensions, project=project, severity=severity or {},
    )  # fmt: skip
    if isinstance(config, Mapping):
        return check_text(mapping_document(config), request)
    return check_text(read_config(os.fspath(config), launcher), request)


def check_text(text: Text, request: Request) -> Report[ValidatedStage]:
    """Check a config, or a file that says something about configs, that has been read already."""
    if os.path.basename(text.name) == PYPROJECT:
        return _declaration_report(text, None, request)
    if text.written is not None:
        return _written_report(text, request)
    document = parse_yaml(text.text, file=text.name)
    if not document.parsed:
        return Report(document.problems, files=(text.name,), unreadable=True)
    if is_declaration(document):
        return _declaration_report(text, document, request)
    return _config_report(text, document, request)


def unreadable_report(error: UnreadableInputError) -> Report[ValidatedStage]:
    """On an input that could not be read, for formats that programs read."""
    finding = Diagnostic(
        "C001", "syntax-error", Severity.ERROR, f"the file cannot be read: {error.reason}", Span(error.path),
        when="the trainer cannot read the file either and stops at start-up", help="correct the path, or the file",
    )  # fmt: skip
    return Report((finding,), files=(error.path,), unreadable=True)


def _written_report(text: Text, request: Request) -> Report[ValidatedStage]:
    """On a config that stands in its launcher; places are those in the launcher."""
    from ..inputs.written import written_again
    from .here_document import in_script, with_gaps

    text = written_again(text, request.texts)
    assert text.written is not None
    launcher = text.written.at.file
    script = request.texts.get(launcher) or read_text(launcher).text
    document = parse_yaml(text.text, file=text.name)
    if document.parsed:
        document = with_gaps(document, text.written)
        report = _config_report(text, document, attrs.evolve(request, launcher=launcher))
    else:
        report = Report(document.problems, files=(text.name, launcher), unreadable=True)
    return in_script(report, text, script)


def _declaration_report(text: Text, document: Document | None, request: Request) -> Report[ValidatedStage]:
    from .declarations import declaration_report

    return declaration_report(text, document, request)


def _config_report(text: Text, document: Document, request: Request) -> Report[ValidatedStage]:
    """On a config under its only command, or under all that name it."""
    folder = "." if text.name == STANDARD_INPUT else text.directory
    selection = select_trainer(request.given, directory=folder, texts=request.texts)
    switches = selection.trainer.switches
    choice = choose_launcher(text, request.launcher, LauncherReader(switches, request.texts))
    ours = _words(request, switches)

    def under(one: LauncherChoice, asked: Request) -> Report[ValidatedStage]:
        words = [*one.words, *ours]
        arguments = read_arguments(words, selection.trainer)
        inputs = Inputs(text, document, one, arguments, selection, asked, bool(words) or one.used)
        report = run_report(inputs)
        return _with_origins(report, one.words) if one.words else report

    reports = [under(each, request) for each in choice.each]
    if len(reports) == 1 and not choice.variants:
        return reports[0]
    from .commands import of_all, with_words

    report = of_all(reports, [each.program for each in choice.each])
    without_data = attrs.evolve(request, data=False)
    alone = [under(attrs.evolve(choice, words=words), without_data) for words in choice.variants]
    return with_words(report, alone, choice.files) if alone else report


def _words(request: Request, switches: Collection[str]) -> tuple[Word, ...]:
    """Those that were given to us."""
    if not request.options:
        return ()
    from ..inputs.options import command_words

    return command_words(request.options, switches)


def _meant(there: list[Word], finding: Diagnostic) -> list[Word]:
    """Of the words that a variable gives at one place, those that a finding quotes."""
    return (
        there
        if len(there) == 1
        else [word for word in there if word.text and f"`{word.text}`" in finding.message]
    )


def _with_origins(report: Report[ValidatedStage], words: Iterable[Word]) -> Report[ValidatedStage]:
    """A value that a variable of the launcher holds is shown where it was assigned, too."""
    by_place: dict[Span, list[Word]] = {}
    for word in words:
        by_place.setdefault(word.span, []).append(word)

    def shown(finding: Diagnostic) -> Diagnostic:
        there = _meant(by_place.get(finding.span, []) if finding.span else [], finding)
        told = finding.span is None or any(label.span.file == finding.span.file for label in finding.labels)
        origins = () if told or len(there) != 1 else given_at(there[0])
        return attrs.evolve(finding, labels=(*finding.labels, *origins)) if origins else finding

    return attrs.evolve(report, findings=tuple(map(shown, report.findings)))
