"""Extensions as they are come upon, read, checked and laid over each other; imported only where there are any."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache

import attrs

from ..catalog.registry import DEFAULT_TRAINER, trainer_names
from ..catalog.registry import trainer as trainer_by_name
from ..diagnostics import Diagnostic, Severity, Span
from ..errors import UnreadableInputError
from ..extension import Extension, apply, check_extension, read_extension
from ..extension.problems import another_base, unreadable
from ..inputs import Text, mapping_document, read_text
from .entry_points import entry_point_files
from .read import read_project
from .select import Selection, SeverityChoice, Source


@attrs.define(eq=False)
class Found:
    """Extensions as they are come upon, each file once."""

    texts: Mapping[str, str]
    extensions: list[Text] = attrs.field(factory=list)
    files: list[str] = attrs.field(factory=list)
    problems: list[Diagnostic] = attrs.field(factory=list)
    severities: list[SeverityChoice] = attrs.field(factory=list)

    def read_project(self, path: str) -> None:
        """What the project file lists; a file that is not there is a finding in it."""
        project = read_project(self._text(path).text, file=path)
        self.files.append(path)
        self.problems += project.problems
        self.severities += project.severities
        for name, place in zip(project.settings.extensions, project.extension_places, strict=False):
            self._listed(os.path.normpath(os.path.join(os.path.dirname(path), name)), place)
        if project.settings.entry_points:
            self.look_at_entry_points(project.places["entry_points"])

    def _listed(self, path: str, place: Span) -> None:
        try:
            self.add(path)
        except UnreadableInputError as error:
            advice = "correct the path; it is seen from the project file"
            self.problems.append(unreadable(f"the extension cannot be read: {error}", place, advice=advice))

    def look_at_entry_points(self, asked_at: Span | None) -> None:
        """What installed packages bring along."""
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
def extended(name: str | None, texts: tuple[tuple[str, str], ...]) -> Selection:
    """The same texts give the same trainer object, so that what is prepared for it is prepared once."""
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
    if extension.extends in bases:
        return ()
    return (another_base(extension.extends, extension.name, extension.extends_span, bases, known),)
