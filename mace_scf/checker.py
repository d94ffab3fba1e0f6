"""validate(): read the inputs, check the structure, resolve the requirements, run the rules, report everything."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from .catalog.trainer import Trainer
from .config import Arguments, RunConfig, Stage, lay_over, read_arguments, structure
from .config.arguments import given_at
from .config.literal import Literal, sound_fix
from .config.resolved import resolved
from .diagnostics import Diagnostic, Report, Severity, Span, sorted_findings
from .diagnostics.alternatives import merged_alternatives
from .diagnostics.unshown import NOT_SELECTED, SEE_ERRORS, Unshown, with_errors_told
from .errors import UnreadableInputError
from .inputs import (
    STANDARD_INPUT,
    LauncherChoice,
    LauncherReader,
    Text,
    choose_launcher,
    command_words,
    mapping_document,
    read_text,
)
from .project import Given, Selection, select_trainer
from .project.find import CARD_ENDINGS, PROJECT_FILE, PYPROJECT
from .resolve import ALL_MET, ValidatedStage, resolve, stage_summary, validated_stages
from .rules import Context, run_rules
from .rules.data_facts import FILES, DataFacts, Measuring, read_cards, start_folders
from .rules.levels import Levels, read_levels
from .rules.naming import code_prefix
from .schema.check import check_schema
from .source import Document, parse_yaml
from .source.edit import has_odd_line_ends
from .source.ignore import read_ignores, sift
from .source.locate import Locator
from .source.words import ScriptText

if TYPE_CHECKING:
    from .config import Effective
    from .source.launcher import Word


@attrs.frozen(eq=False)
class Request:
    """What to check, and how strictly.

    Attributes:
        trainer: name of the trainer version; ``None`` takes what the extensions extend.
        options: words of the training command, or option name to value.
        launcher: path of the training script; ``None`` looks for a sibling, ``False`` does not look.
        complete: nothing else will be given, so defaults apply.
        data: look at the label files.
        measuring: how they are looked at.
        require_data: a label file that is not there is an error.
        wanted: which codes to report.
        texts: texts that stand for files of those names, such as mended ones.
        extensions: declarations of a fork, as files or mappings.
        project: look for a project file at or above the folder of the config.
        entry_points: look for extensions in the installed packages.
        severity: other severities, by code, name of a rule, or beginning of codes; ``off`` leaves findings out.
    """

    trainer: str | None = None
    options: Sequence[str] | Mapping[str, Any] | None = None
    launcher: str | os.PathLike[str] | bool | None = None
    complete: bool = False
    data: bool = True
    measuring: Measuring = attrs.field(factory=Measuring)
    require_data: bool = False
    wanted: Callable[[str], bool] = lambda code: True
    texts: Mapping[str, str] = attrs.field(factory=dict)
    extensions: Sequence[str | os.PathLike[str] | Mapping[Any, Any]] = ()
    project: bool = True
    entry_points: bool = False
    severity: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def given(self) -> Given:
        """What it says about the trainer."""
        return Given(self.trainer, self.extensions, self.project, self.entry_points)


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
    return check_text(read_text(os.fspath(config)), request)


def check_text(text: Text, request: Request) -> Report[ValidatedStage]:
    """Check a config, or a file that says something about configs, that has been read already."""
    if os.path.basename(text.name) == PYPROJECT:
        return _declaration_report(text, request)
    document = parse_yaml(text.text, file=text.name)
    if not document.parsed:
        return Report(document.problems, files=(text.name,), unreadable=True)
    if _is_declaration(document):
        return _card_report(text, request) if _is_card(document) else _declaration_report(text, request)
    folder = "." if text.name == STANDARD_INPUT else text.directory
    selection = select_trainer(request.given, directory=folder, texts=request.texts)
    trainer = selection.trainer
    reader = LauncherReader(trainer.switches, request.texts)
    choice = choose_launcher(text, request.launcher, reader)
    ours = command_words(request.options, trainer.switches)
    reports = [_under(each, ours, text, document, selection, request) for each in choice.each]
    report = _of_all(reports, [each.program for each in choice.each]) if len(reports) > 1 else reports[0]
    alone = [
        _under(
            attrs.evolve(choice, words=words),
            ours,
            text,
            document,
            selection,
            attrs.evolve(request, data=False),
        )
        for words in choice.variants
    ]
    return _with_words(report, alone, choice.files) if alone else report


# What is wrong with a single word of a command, whatever else stands in it.
_OF_ONE_WORD = frozenset(["C101", "C103", "C110", "C111", "C112", "C131", "C132", "R105"])


def _with_words(
    report: Report[ValidatedStage], alone: list[Report[ValidatedStage]], launchers: tuple[str, ...]
) -> Report[ValidatedStage]:
    """Findings about words that stand in one arm of a branch, of which it is not known whether it is run."""
    told = {(finding.code, finding.span, finding.message) for finding in report.findings}
    more = [
        attrs.evolve(finding, notes=(*finding.notes, "in one branch of the script"))
        for other in alone for finding in other.findings
        if finding.code in _OF_ONE_WORD and finding.span is not None and finding.span.file in launchers
        and (finding.code, finding.span, finding.message) not in told
    ]  # fmt: skip
    report = attrs.evolve(report, findings=sorted_findings((*report.findings, *more)))
    if all(finding.severity < Severity.ERROR for finding in more):
        return report
    facts = (
        fact.removesuffix(ALL_MET) + SEE_ERRORS if fact.endswith(ALL_MET) else fact
        for fact in report.confirmed
    )
    return attrs.evolve(report, stages=(), confirmed=tuple(facts))


def _under(
    choice: LauncherChoice, ours: tuple[Word, ...], text: Text, document: Document,
    selection: Selection, request: Request,
) -> Report[ValidatedStage]:  # fmt: skip
    """The report on the config under one command."""
    words = [*choice.words, *ours]
    arguments = read_arguments(words, selection.trainer)
    seen_command = bool(words) or choice.used
    report = _report(text, document, choice, arguments, selection, request, seen_command=seen_command)
    return _with_origins(report, choice.words) if choice.words else report


def _with_origins(report: Report[ValidatedStage], words: Iterable[Word]) -> Report[ValidatedStage]:
    """A value that a variable of the launcher holds is shown where it was assigned, too."""
    by_place: dict[Span, list[Word]] = {}
    for word in words:
        by_place.setdefault(word.span, []).append(word)

    def shown(finding: Diagnostic) -> Diagnostic:
        there = by_place.get(finding.span, []) if finding.span else []
        told = finding.span is None or any(label.span.file == finding.span.file for label in finding.labels)
        origins = () if told or len(there) != 1 else given_at(there[0])
        return attrs.evolve(finding, labels=(*finding.labels, *origins)) if origins else finding

    return attrs.evolve(report, findings=tuple(map(shown, report.findings)))


def _of_all(reports: list[Report[ValidatedStage]], programs: list[Span | None]) -> Report[ValidatedStage]:
    """Of several commands: a stage is fit for the loss engine if it is under each of them."""
    names = [{stage.name for stage in report.stages} for report in reports]
    merged = merged_alternatives(reports, programs)
    fit = tuple(stage for stage in merged.stages if all(stage.name in found for found in names))
    return attrs.evolve(merged, stages=fit, confirmed=tuple(_worst(merged.confirmed)))


def _worst(facts: Iterable[str]) -> Iterable[str]:
    """Of summaries of one stage that end differently, the one that promises least."""
    chosen: dict[str, str] = {}
    for fact in facts:
        head = fact.rpartition("; ")[0] if fact.startswith("stage ") else fact
        if head not in chosen or chosen[head].endswith(ALL_MET):
            chosen[head] = fact
    return chosen.values()


def _is_declaration(document: Document) -> bool:
    """An extension, a project file or a dataset card by itself, and no config."""
    root = document.mapping
    if root is None or any(root.get(name) for name in ("heads", "train_schedule", "model")):
        return False
    return (
        root.get("extends") is not None
        or os.path.basename(document.file) == PROJECT_FILE
        or _is_card(document)
    )


def _is_card(document: Document) -> bool:
    """A dataset card by itself."""
    root = document.mapping
    keys = ("card_version", "splits")
    return document.file.endswith(CARD_ENDINGS) or any(root is not None and root.get(key) for key in keys)


def _declaration_report(text: Text, request: Request) -> Report[ValidatedStage]:
    from .project.alone import check_alone

    selection = check_alone(text, request.given, texts=request.texts)
    levels = read_levels(selection.severities, request.severity)
    found = _told((*selection.problems, *levels.problems), levels, request)
    return Report(found, files=selection.files, confirmed=selection.confirmed)


def _card_report(text: Text, request: Request) -> Report[ValidatedStage]:
    from .cards import read_card

    card = read_card(text.text, file=text.name)
    folder = text.directory or "."
    selection = select_trainer(
        attrs.evolve(request.given, extensions=()), directory=folder, texts=request.texts
    )
    levels = read_levels(selection.severities, request.severity)
    facts = (f"{name or 'a measured card'}: {profile.frames} frames" for name, profile in card.splits.items())
    found = _unsilenced(card.problems, {text.name: text.text})
    return Report(_told(found, levels, request), files=(text.name,), confirmed=tuple(facts))


def _told(findings: Iterable[Diagnostic], levels: Levels, request: Request) -> tuple[Diagnostic, ...]:
    """What is wanted, in order, with severities as they were set."""
    return sorted_findings(finding for finding in levels.apply(findings) if request.wanted(finding.code))


def _unshown(findings: Iterable[Diagnostic], levels: Levels, request: Request) -> tuple[Unshown, ...]:
    """Errors of the trainer that :func:`_told` leaves out or makes something else of."""
    errors = dict.fromkeys(finding for finding in findings if finding.severity is Severity.ERROR)
    reasons = ((error, levels.instead_of_error(error.code)) for error in errors)
    return tuple(
        Unshown(error, reason if request.wanted(error.code) else NOT_SELECTED)
        for error, reason in reasons if reason or not request.wanted(error.code)
    )  # fmt: skip


def _report(
    text: Text, document: Document, choice: LauncherChoice, arguments: Arguments,
    selection: Selection, request: Request, *, seen_command: bool,
) -> Report[ValidatedStage]:  # fmt: skip
    trainer = selection.trainer
    levels = read_levels(selection.severities, request.severity)
    cards = read_cards(request.measuring.cards, request.texts)
    files = (text.name, *choice.files, *selection.files, *(given.card.file for given in cards))
    card_problems = tuple(problem for given in cards for problem in given.card.problems)
    stray = _not_a_config(document, arguments, trainer)
    if stray is not None:
        found = (*document.problems, *choice.problems, *selection.problems, *levels.problems, stray)
        return Report(_told(found, levels, request), files=files, stray=True)
    effective = lay_over(document, arguments, trainer)
    checked = check_schema(effective.root, trainer)
    effective = attrs.evolve(effective, root=checked.root)
    open_ended = bool(arguments.unseen) or choice.open_ended
    complete = (request.complete or seen_command or _holds_required(effective, trainer)) and not open_ended
    run, problems = structure(effective, trainer, complete=complete)
    stages = resolve(run, trainer)
    structural = (
        *document.problems, *choice.problems, *selection.problems, *levels.problems, *card_problems,
        *arguments.problems, *checked.findings, *problems,
    )  # fmt: skip
    launcher_file = choice.files[0] if choice.files else None
    folders = start_folders(text.directory, launcher_file)
    measured = request.data or bool(cards)
    data = DataFacts(run, folders, request.measuring, cards, request.data) if measured else None
    context = Context(
        run=run, stages=stages, trainer=trainer, document=document, effective=effective, structural=structural,
        launcher_file=launcher_file, look_at_data=request.data, require_data=request.require_data,
        directory=text.directory, data=data,
        scripts={name: ScriptText(name, script, choice.shared) for name, script in choice.texts.items()},
    )  # fmt: skip
    texts = {text.name: document.text, **choice.texts}
    odd = frozenset(name for name, content in texts.items() if has_odd_line_ends(content))
    sound = (_with_sound_fix(finding, effective.literals, odd) for finding in run_rules(context))
    everything = _unsilenced(sound, texts, lambda code: _could_be_found(code, context))
    locator = Locator(document.root)
    everything = tuple(_with_path(finding, locator, text.name) for finding in everything)
    findings = _told(everything, levels, request)
    unshown = _unshown(everything, levels, request)
    # severities that a team sets are for reports; what the loss engine may take is decided by the rules' own
    clean = _clean_stages(run, everything)
    spreading = [*arguments.unseen, *(word for word in choice.words if word.many)]
    not_seen = (
        *choice.not_seen, *_not_seen(run, spreading, open_ended=open_ended), *(data.not_seen if data else ()),
    )  # fmt: skip
    return Report(
        findings, not_seen, validated_stages(stages, run, trainer, clean), files,
        confirmed=(
            *selection.confirmed, *levels.facts(everything), *choice.confirmed, *(data.confirmed if data else ()),
            *with_errors_told(
                (stage_summary(stage, ready=stage.stage.index in clean) for stage in stages),
                sum(finding.severity is Severity.ERROR for finding in findings), unshown,
            ),
        ),
        settings=resolved(run, trainer), unshown=unshown,
    )  # fmt: skip


def _with_sound_fix(finding: Diagnostic, literals: Sequence[Literal], odd: frozenset[str]) -> Diagnostic:
    """No fix where places are not certain; in literals one in the words of Python."""
    if finding.fix is None or not (literals or odd):
        return finding
    if any(edit.span.file in odd for edit in finding.fix.edits):
        return attrs.evolve(finding, fix=None)
    return attrs.evolve(finding, fix=sound_fix(finding.fix, literals))


def _could_be_found(word: str, context: Context) -> bool:
    """What depends on data is looked for where all of them were there, with every number."""
    data, code = context.data, code_prefix(word) or word
    if not code.startswith("D"):
        return True
    given = [name for name, option in FILES.items() if context.run.option(option).given]
    return (
        data is not None
        and data.measuring.values
        and bool(given)
        and all(data.split(name) is not None for name in given)
    )


def _unsilenced(
    findings: Iterable[Diagnostic],
    texts: Mapping[str, str],
    could_be_found: Callable[[str], bool] = lambda code: True,
) -> tuple[Diagnostic, ...]:
    """What comments in the config and its launcher do not silence, and findings about such comments."""
    ignores = [ignore for name, content in texts.items() for ignore in read_ignores(content, file=name)]
    sifted = sift(findings, ignores, could_be_found=could_be_found)
    return (*sifted.kept, *sifted.about)


def _with_path(finding: Diagnostic, locator: Locator, file: str) -> Diagnostic:
    if finding.span is None or finding.span.file != file:
        return finding
    return attrs.evolve(finding, path=locator.path(finding.span))


def _holds_required(effective: Effective, trainer: Trainer) -> bool:
    """The file itself holds all that the parser requires, so that no command line is needed."""
    return all(effective.root.get(name) is not None for name in trainer.required)


def _not_a_config(document: Document, arguments: Arguments, trainer: Trainer) -> Diagnostic | None:
    """One clear finding for a YAML that holds no key of a run at all."""
    root = document.mapping
    if root is None:
        what = "is empty" if document.root is None else "holds no mapping"
        return None if arguments.given and document.root is None else _stray(document, what)
    known = set(trainer.option_by_name)
    if any(entry.name in known for entry in root) or (len(root) == 0 and arguments.given):
        return None
    from .catalog.suggest import suggest

    near = any(suggest(entry.name, tuple(known)) for entry in root.entries[:50])
    return None if near else _stray(document, "holds no option of a training run")


def _stray(document: Document, what: str) -> Diagnostic:
    return Diagnostic(
        "C002", "not-a-training-config", Severity.ERROR, f"this is no training config: it {what}", Span(document.file),
        when="the trainer stops at start-up",
        help="a config has `heads` and `train_schedule`; see `mace-scf validate --help` for launchers",
    )  # fmt: skip


def _not_seen(run: RunConfig, spreading: Sequence[Word], *, open_ended: bool) -> tuple[str, ...]:
    if run.complete:
        return ()
    if open_ended:
        return (f"{_open_words(spreading)}: absent options stay unknown",)
    missing = "the command line" if not run.is_fragment else "heads, epochs and the command line"
    return (f"{missing}: what depends on them stays unknown (give a launcher, `-- options`, or --complete)",)


def _open_words(words: Sequence[Word]) -> str:
    """Which words of the training command may be more than one option, and what would make them one."""
    if not words:
        return "the training command has arguments that depend on its environment"
    first = words[0]
    more = f" and {len(words) - 1} more" if len(words) > 1 else ""
    advice = "" if first.quoted or "@" in first.raw else "; quotes would make one word of it"
    return f"what `{first.raw}` of the training command stands for ({first.span.shown}{more}{advice})"


def _clean_stages(run: RunConfig, findings: Iterable[Diagnostic]) -> dict[int, tuple[Diagnostic, ...]]:
    """Findings by stage index, for stages that no error touches; an error elsewhere touches all."""
    stages = sorted(run.stages, key=lambda stage: _extent(stage).start)
    starts = [_extent(stage).start for stage in stages]
    inside: dict[int, list[Diagnostic]] = {stage.index: [] for stage in stages}
    for finding in findings:
        at = bisect_right(starts, finding.span.start) - 1 if finding.span else -1
        if at >= 0 and finding.span and _extent(stages[at]).covers(finding.span):
            inside[stages[at].index].append(finding)
        elif finding.severity is Severity.ERROR:
            return {}
    broken = _broken_places(run, inside)
    return {
        stage.index: tuple(inside[stage.index])
        for stage in run.stages
        if all(finding.severity < Severity.ERROR for finding in inside[stage.index])
        and not any(place in broken for place in _shareable(stage))
    }


def _broken_places(run: RunConfig, inside: Mapping[int, Sequence[Diagnostic]]) -> set[Span]:
    """Places with an error that an alias may hand to other stages: whole stages, losses, fixed-point options."""
    return {
        place
        for stage in run.stages
        for finding in inside[stage.index]
        if finding.severity is Severity.ERROR and finding.span is not None
        for place in _shareable(stage)
        if place.covers(finding.span)
    }


def _shareable(stage: Stage) -> list[Span]:
    places = [stage.span, *(block.span for block in stage.blocks)]
    return places if stage.loss_entry.span is None else [*places, stage.loss_entry.span]


def _extent(stage: Stage) -> Span:
    """From the stage's number to the end of its mapping; findings about a missing key stand at the number."""
    number = stage.key.key_span or stage.span
    if number.file != stage.span.file or number.start > stage.span.start:
        return stage.span
    return attrs.evolve(stage.span, line=number.line, column=number.column)


__all__ = ["Request", "UnreadableInputError", "check_text", "validate"]
