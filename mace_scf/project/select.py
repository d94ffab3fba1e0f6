"""Which trainer a check is for: a version of the catalog, with the extensions that were given or found."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from ..catalog.registry import DEFAULT_TRAINER
from ..catalog.registry import trainer as trainer_by_name
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic
from ..source import Scalar
from .find import find_project

Source = str | os.PathLike[str] | Mapping[Any, Any]


@attrs.frozen(eq=False)
class SeverityChoice:
    """What a project file says of one code, name of a rule, or beginning of codes.

    Attributes:
        key: the word, with its place.
        level: ``error``, ``warning``, ``info`` or ``off``.
    """

    key: Scalar
    level: str


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
        severities: what the project file says of severities.
    """

    trainer: Trainer
    files: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    confirmed: tuple[str, ...] = ()
    severities: tuple[SeverityChoice, ...] = ()


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
    from .gather import Found, extended

    found = Found(texts or {})
    if project is not None:
        found.read_project(project)
    if given.entry_points:
        found.look_at_entry_points(None)
    for source in given.extensions:
        found.add(source)
    selection = extended(given.trainer, tuple((text.name, text.text) for text in found.extensions))
    files = tuple(dict.fromkeys((*found.files, *selection.files)))
    problems = (*found.problems, *selection.problems)
    return attrs.evolve(selection, files=files, problems=problems, severities=tuple(found.severities))
