"""One config under one training command: from its values to its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from ..catalog.trainer import Trainer
from ..config import Arguments, Effective, RunConfig, lay_over, structure
from ..config.resolved import resolved
from ..diagnostics import Diagnostic, Report, Severity
from ..diagnostics.unshown import Unshown, with_errors_told
from ..inputs import LauncherChoice, Text
from ..project import Selection
from ..resolve import ValidatedStage, resolve, stage_summary, validated_stages
from ..rules import Context
from ..rules.data_facts import DataFacts, GivenCard, read_cards, start_folders
from ..rules.levels import Levels, read_levels
from ..schema.check import check_schema
from ..source import Document
from ..source.words import ScriptText
from .findings import found, told, unshown
from .fit_stages import FitStages, fit_stages
from .kinds import not_a_config
from .request import Request


@attrs.frozen(eq=False, repr=False)
class Inputs:
    """What one report is about.

    Attributes:
        text: the config as read.
        document: the same as values with places.
        choice: the launcher, and the words of its training command.
        arguments: these words, and those given to us, as options.
        selection: trainer, extensions and project file.
        request: what to check, and how strictly.
        seen_command: the training command was seen, if only in part.
    """

    text: Text
    document: Document
    choice: LauncherChoice
    arguments: Arguments
    selection: Selection
    request: Request
    seen_command: bool

    @property
    def trainer(self) -> Trainer:
        """The trainer version."""
        return self.selection.trainer

    @property
    def open_ended(self) -> bool:
        """The command has arguments of unknown number."""
        return bool(self.arguments.unseen) or self.choice.open_ended

    @property
    def commented(self) -> dict[str, str]:
        """The texts whose comments count, by file; a config that stands in its launcher counts once."""
        written, texts = self.text.written, dict(self.choice.texts)
        if written is not None and written.at.file in texts:
            texts[written.at.file] = written.script_without_body
        return {self.text.name: self.document.text, **texts}

    def is_complete(self, effective: Effective) -> bool:
        """Nothing else will be given: it was said, a command was seen, or the file holds all that is required."""
        required = (effective.root.get(name) is not None for name in self.trainer.required)
        return (self.request.complete or self.seen_command or all(required)) and not self.open_ended

    def files(self, cards: Sequence[GivenCard]) -> tuple[str, ...]:
        """Every file that was read for it, the config first."""
        read = (self.text.name, *self.choice.files, *self.selection.files)
        return (*read, *(given.card.file for given in cards))


def run_report(inputs: Inputs) -> Report[ValidatedStage]:
    """Check one config under one command."""
    levels = read_levels(inputs.selection.severities, inputs.request.severity)
    cards = read_cards(inputs.request.measuring.cards, inputs.request.texts)
    stray = not_a_config(inputs.document, inputs.arguments, inputs.trainer)
    if stray is not None:
        findings = told((*_of_the_texts(inputs, levels), stray), levels, inputs.request)
        return Report(findings, files=inputs.files(cards), stray=True)
    return _config_report(inputs, levels, cards)


def _config_report(inputs: Inputs, levels: Levels, cards: tuple[GivenCard, ...]) -> Report[ValidatedStage]:
    context = _context(inputs, levels, cards)
    everything = _found(inputs, context)
    findings = told(everything, levels, inputs.request)
    hidden = unshown(everything, levels, inputs.request)
    # severities that a team sets are for reports; what the loss engine may take is decided by the rules' own
    fit = fit_stages(context.run, everything)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return Report(
        findings, tuple(_left_open(inputs, context)),
        validated_stages(context.stages, context.run, inputs.trainer, fit), inputs.files(cards),
        confirmed=(
            *inputs.selection.confirmed, *levels.facts(everything), *inputs.choice.confirmed,
            *context.data.confirmed, *_summaries(context, fit, errors, hidden),
        ),
        settings=resolved(context.run, inputs.trainer), unshown=hidden,
    )  # fmt: skip


def _found(inputs: Inputs, context: Context) -> tuple[Diagnostic, ...]:
    everything = found(context, inputs.commented)
    if inputs.text.written is None:
        return everything
    from .here_document import decided

    return decided(everything, inputs.document)


def _of_the_texts(inputs: Inputs, levels: Levels) -> tuple[Diagnostic, ...]:
    """Problems of files and settings, before anything is said of the run."""
    texts = (*inputs.document.problems, *inputs.choice.problems)
    return (*texts, *inputs.selection.problems, *levels.problems)


def _holds(problem: Diagnostic, run: RunConfig) -> bool:
    """What a script looks like by itself may be undone by the config that it trains."""
    if problem.code != "R113":
        return True
    distributed = run.option("distributed")
    return distributed.known and not distributed.value


def _context(inputs: Inputs, levels: Levels, cards: tuple[GivenCard, ...]) -> Context:
    """File and command line laid over each other, checked against the schema, typed and resolved."""
    trainer, request, choice = inputs.trainer, inputs.request, inputs.choice
    effective = lay_over(inputs.document, inputs.arguments, trainer)
    checked = check_schema(effective.root, trainer)
    effective = attrs.evolve(effective, root=checked.root)
    run, problems = structure(effective, trainer, complete=inputs.is_complete(effective))
    launcher_file = choice.files[0] if choice.files else None
    folders = start_folders(choice.directory, inputs.text.directory, launcher_file)
    return Context(
        run=run, stages=resolve(run, trainer), trainer=trainer, document=inputs.document, effective=effective,
        structural=(
            *(problem for problem in _of_the_texts(inputs, levels) if _holds(problem, run)),
            *(problem for given in cards for problem in given.card.problems),
            *inputs.arguments.problems, *checked.findings, *problems,
        ),
        require_data=request.require_data,
        data=DataFacts(run, folders, request.measuring, cards, request.data),
        scripts={name: ScriptText(name, script, choice.shared) for name, script in choice.texts.items()},
    )  # fmt: skip


def _left_open(inputs: Inputs, context: Context) -> Iterator[str]:
    yield from inputs.choice.not_seen
    if not context.run.complete:
        from .not_seen import not_seen

        spreading = [*inputs.arguments.unseen, *(word for word in inputs.choice.words if word.many)]
        yield not_seen(context.run, spreading, open_ended=inputs.open_ended)
    yield from context.data.not_seen


def _summaries(context: Context, fit: FitStages, errors: int, hidden: Sequence[Unshown]) -> Sequence[str]:
    """One line for each stage."""
    lines = (stage_summary(stage, ready=stage.stage.index in fit) for stage in context.stages)
    return with_errors_told(lines, errors, hidden)
