"""Which trainer a check is for: a version of the catalog, with the extensions that were given or found."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from ..catalog.registry import DEFAULT_TRAINER, trainer_names
from ..catalog.registry import trainer as trainer_by_name
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic, Severity, Span
from ..errors import UnreadableInputError
from ..inputs import Text, mapping_document, read_text
from .find import find_project

if TYPE_CHECKING:
    from ..extension import Extension

Source = str | os.PathLike[str] | Mapping[Any, Any]


@attrs.frozen(eq=False)
class Given:
    """What was said about the trainer.

    Attributes:
        trainer: name of a version; ``None`` takes what the extensions extend.
        extensions: files, or the content of one as a mapping.
        project: look for a project file.
        entry_points: look among the installed packages.
    """

    trainer: str | None = None
    extensions: Sequence[Source] = ()
    project: bool = True
    entry_points: bool = False


@attrs.frozen(eq=False)
class Selection:
    """The trainer, and where it comes from.

    Attributes:
        trainer: with every extension that is free of errors.
        files: project file and extensions that were read.
        problems: what is wrong in them.
        confirmed: one phrase for each extension in use.
    """

    trainer: Trainer
    files: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    confirmed: tuple[str, ...] = ()


def select_trainer(
    given: Given, *, directory: str | None = None, texts: Mapping[str, str] | None = None
) -> Selection:
    """Find the extensions and apply them.

    Args:
        given: what was said.
        directory: folder at or above which a project file counts; ``None`` looks for none.
        texts: texts that stand for files of those names, such as mended ones.

    Raises:
        UnknownTrainerError: no such trainer version.
        UnreadableInputError: an extension that was given cannot be opened.
    """
    project = find_project(directory) if given.project and directory is not None else None
    if project is None and not given.extensions and not given.entry_points:
        return Selection(trainer_by_name(given.trainer or DEFAULT_TRAINER))
    found = _Found(texts or {})
    if project is not None:
        found.read_project(project)
    if given.entry_points:
        found.look_at_entry_points(None)
    for source in given.extensions:
        found.add(source)
    selection = _extended(given.trainer, tuple((text.name, text.text) for text in found.extensions))
    files = tuple(dict.fromkeys((*found.files, *selection.files)))
    return attrs.evolve(selection, files=files, problems=(*found.problems, *selection.problems))


@attrs.define(eq=False)
class _Found:
    """Extensions as they are come upon, each file once."""

    texts: Mapping[str, str]
    extensions: list[Text] = attrs.field(factory=list)
    files: list[str] = attrs.field(factory=list)
    problems: list[Diagnostic] = attrs.field(factory=list)

    def read_project(self, path: str) -> None:
        """What the project file lists; a file that is not there is a finding in it."""
        from .read import read_project

        project = read_project(self._text(path).text, file=path)
        self.files.append(path)
        self.problems += project.problems
        for name, place in zip(project.settings.extensions, project.extension_places, strict=False):
            self._listed(os.path.normpath(os.path.join(os.path.dirname(path), name)), place)
        if project.settings.entry_points:
            self.look_at_entry_points(project.places["entry_points"])

    def _listed(self, path: str, place: Span) -> None:
        from ..extension.problems import unreadable

        try:
            self.add(path)
        except UnreadableInputError as error:
            advice = "correct the path; it is seen from the project file"
            self.problems.append(unreadable(f"the extension cannot be read: {error}", place, advice=advice))

    def look_at_entry_points(self, asked_at: Span | None) -> None:
        """What installed packages bring along."""
        from .entry_points import entry_point_files

        files, problems = entry_point_files(asked_at)
        self.problems += problems
        for file in files:
            self.add(file)

    def add(self, source: Source) -> None:
        """One extension; raises UnreadableInputError."""
        if isinstance(source, Mapping):
            name = f"<extension {len(self.extensions) + 1}>"
            self.extensions.append(attrs.evolve(mapping_document(source), name=name))
            return
        path = os.fspath(source)
        if not any(os.path.abspath(path) == os.path.abspath(text.name) for text in self.extensions):
            self.extensions.append(self._text(path))

    def _text(self, path: str) -> Text:
        return Text(path, self.texts[path]) if path in self.texts else read_text(path)


# --- from texts to a trainer ----------------------------------------------------------------------


@lru_cache(maxsize=32)
def _extended(name: str | None, texts: tuple[tuple[str, str], ...]) -> Selection:
    """The same texts give the same trainer object, so that what is prepared for it is prepared once."""
    from ..extension import apply, check_extension, read_extension

    reads = [read_extension(text, file=file) for file, text in texts]
    problems = [problem for read in reads for problem in read.problems]
    extensions = [read.extension for read in reads if read.extension is not None]
    known = (*trainer_names(), *(extension.name for extension in extensions))
    trainer = trainer_by_name(name or _base(extensions))
    bases, confirmed = [trainer.name], []
    for extension in extensions:
        found = _of_another(extension, bases, known) or check_extension(trainer, extension)
        problems += found
        if not any(problem.severity >= Severity.ERROR for problem in found):
            trainer = apply(trainer, extension)
            bases += [extension.name, trainer.name]
            confirmed.append(f"extension {extension.file} ({extension.name}) of trainer {extension.extends}")
    files = tuple(file for file, _ in texts)
    return Selection(trainer, files, tuple(problems), tuple(confirmed))


def _base(extensions: Sequence[Extension]) -> str:
    extended = (extension.extends for extension in extensions if extension.extends in trainer_names())
    return next(extended, DEFAULT_TRAINER)


def _of_another(extension: Extension, bases: Sequence[str], known: Sequence[str]) -> tuple[Diagnostic, ...]:
    from ..extension.problems import another_base

    if extension.extends in bases:
        return ()
    return (another_base(extension.extends, extension.name, extension.extends_span, bases, known),)
