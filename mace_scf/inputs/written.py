"""Configs that a launcher writes by here-documents: which text is checked, and what is said of the choice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic, Label, Severity, Span
from ..errors import UnreadableInputError
from .launcher import LauncherReader
from .text import Text, read_text

if TYPE_CHECKING:
    from ..source.launcher import Launcher, TrainingCommand, Word
    from ..source.written import WrittenFile


def configs_of_launcher(launcher: Text) -> tuple[Text, ...]:
    """The configs that a launcher trains, each once, in the order of its commands.

    Raises:
        UnreadableInputError: it names none, or one that depends on something not in the script.
    """
    read = LauncherReader(texts={launcher.name: launcher.text}).read(launcher.name)
    found = {
        (text.name, text.written and text.written.at): text
        for command in read.commands
        for text in _config(launcher, read, command)
    }
    if not found:
        raise UnreadableInputError(launcher.name, "no training command names a config")
    return tuple(found.values())


def _config(launcher: Text, read: Launcher, command: TrainingCommand) -> Iterator[Text]:
    from ..source.launcher import names_config
    from ..source.written import config_written_for

    word = names_config(command)
    if word is None:
        return
    written = config_written_for(command, read.written)
    if written is not None:
        yield _written_text(written, launcher)
    elif word.text is None:
        yield _of_that_name(word, launcher)
    else:
        yield _existing(os.path.join(command.directory or "", word.text), launcher)


def _of_that_name(word: Word, launcher: Text) -> Text:
    """The config beside the launcher whose name is known, though its folder is not."""
    name = word.suffix.lstrip("/") if word.file_name else ""
    places = (_beside(launcher, name), os.path.normpath(name)) if name else ()
    found = next((place for place in places if os.path.isfile(place)), None)
    if found is None:
        raise UnreadableInputError(launcher.name, f"cannot tell the config: {word.why_unknown}")
    return read_text(found)


def _existing(name: str, launcher: Text) -> Text:
    """A file seen from the launcher's folder, or from the present one, where launchers of a project are started."""
    path = _beside(launcher, name)
    found = next((place for place in (path, os.path.normpath(name)) if os.path.exists(place)), None)
    if found is not None:
        return read_text(found)
    reason = f"is not there, and {launcher.name} writes it by no here-document that could be read"
    raise UnreadableInputError(path, reason)


def _written_text(written: WrittenFile, launcher: Text) -> Text:
    name = _beside(launcher, os.path.join(written.directory or "", written.path or written.raw))
    return Text(name, written.text, os.path.dirname(name) or ".", written)


def _beside(launcher: Text, name: str) -> str:
    """The name seen from where the launcher's was given."""
    if os.path.isabs(name) and not os.path.isabs(launcher.name):
        below = os.path.relpath(name)
        return name if below.startswith(os.pardir) else below
    return os.path.normpath(os.path.join(launcher.directory or "", name))


def config_of_launcher(path: str, launcher: Text) -> Text | None:
    """A config that is no file yet, as the launcher will write it; None where it does not."""
    try:
        texts = configs_of_launcher(launcher)
    except UnreadableInputError:
        return None
    wanted = os.path.basename(path)
    return next((text for text in texts if text.written and os.path.basename(text.name) == wanted), None)


def written_again(text: Text, texts: Mapping[str, str]) -> Text:
    """The same config as a changed launcher writes it."""
    launcher = text.written.at.file if text.written is not None else ""
    if launcher not in texts:
        return text
    changed = Text(launcher, texts[launcher], os.path.dirname(launcher) or ".")
    found = (each for each in configs_of_launcher(changed) if each.name == text.name and each.written)
    return next(found, text)


def facts_about(text: Text) -> tuple[str, ...]:
    """What was read in place of a file."""
    written = text.written
    if written is None:
        return ()
    where = f"{text.name} as {written.at.shown} writes it"
    branch = " (in a branch that may not be run)" if written.conditional else ""
    unread = [place.shown for place in written.others if written.conditional]
    unread += ["the file of that name"] if os.path.isfile(text.name) else []
    rest = f"; {' and '.join(unread)} not read" if unread else ""
    return (f"{where}{branch}{rest}",)


def unknown_in(text: Text) -> tuple[str, ...]:
    """What of the text only the running script knows."""
    if text.written is None or not text.written.gaps:
        return ()
    first, *others = text.written.gaps
    more = f" and {len(others)} more" if others else ""
    place = text.written.gap_span(first).shown
    return (f"what `{first.raw}` stands for in the here-document of {text.name} ({place}{more})",)


def overwritten(config: Text, launcher: Launcher, commands: list[TrainingCommand]) -> tuple[Diagnostic, ...]:
    """A file that was read, and that the launcher replaces with another text before it trains."""
    from ..source.launcher import names_config
    from ..source.written import config_written_for

    for command in commands if config.written is None else ():
        written = config_written_for(command, launcher.written)
        word = names_config(command)
        if written is not None and word is not None and not written.may_be(config.text):
            return (_overwritten(config, written, word.span),)
    return ()


def _overwritten(config: Text, written: WrittenFile, place: Span) -> Diagnostic:
    return Diagnostic(
        "R112", "config-overwritten", Severity.WARNING,
        f"the launcher writes `{os.path.basename(config.name)}` anew, with another text", written.at,
        labels=(Label(place, "and trains it"),),
        notes=("the file that lies there now was read for this check",),
        when="the trainer reads what the launcher writes: what stands in the file now is lost",
        help=f"check what will be trained: `mace-scf validate {written.at.file}`",
    )  # fmt: skip
