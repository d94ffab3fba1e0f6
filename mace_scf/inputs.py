"""The files a check starts from: reading texts, finding the launcher, words given on our own command line."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from .atomic import write_text
from .diagnostics import Diagnostic, Label, Severity, Span
from .errors import UnreadableInputError

if TYPE_CHECKING:
    from .source.launcher import Launcher, TrainingCommand, Word

STANDARD_INPUT = "-"
OPTIONS_FILE = "<options>"
MAX_LAUNCHER_BYTES = 1_000_000


@attrs.frozen(eq=False)
class Text:
    """A text with the name used in messages.

    Attributes:
        name: as the user gave it.
        text: its characters.
        directory: folder for relative paths; ``None`` where there is none.
    """

    name: str
    text: str
    directory: str | None = None


MOST_COMMANDS = 16


@attrs.frozen(eq=False)
class LauncherChoice:
    """Which launcher was read, and what it gives.

    Attributes:
        words: arguments of the training command.
        files: the launcher's file name, if one was read.
        problems: findings about the shell text.
        confirmed: what the report says about the choice.
        not_seen: what the report says of launchers that were left unread.
        open_ended: the command has arguments of unknown number.
        used: a training command was found.
        texts: the launcher's characters, by its file name.
        program: place of the word that names the trainer.
        others: where several commands fit, the choices that the further ones would be.
        shared: the launcher has several training commands, which may take words from one place.
        variants: words of the commands in single arms of branches, where it is not known which arm is run.
    """

    words: tuple[Word, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    confirmed: tuple[str, ...] = ()
    open_ended: bool = False
    used: bool = False
    texts: Mapping[str, str] = attrs.field(factory=dict)
    program: Span | None = None
    others: tuple[LauncherChoice, ...] = ()
    variants: tuple[tuple[Word, ...], ...] = ()
    not_seen: tuple[str, ...] = ()
    shared: bool = False

    @property
    def each(self) -> tuple[LauncherChoice, ...]:
        """One for each command that fits the config, itself first."""
        rest = (attrs.evolve(other, problems=self.problems, texts=self.texts) for other in self.others)
        return (attrs.evolve(self, others=()), *rest)


def read_text(path: str) -> Text:
    """Read a file or standard input as UTF-8.

    Raises:
        UnreadableInputError: it cannot be opened, or is no UTF-8 text.
    """
    try:
        if path == STANDARD_INPUT:
            return Text(path, _decode(path, sys.stdin.buffer.read()))
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UnreadableInputError(path, "is no file; `-` reads standard input")
        with open(path, "rb") as file:
            return Text(path, _decode(path, file.read()), os.path.dirname(path) or ".")
    except (OSError, ValueError) as error:
        raise UnreadableInputError(path, getattr(error, "strerror", None) or str(error)) from error


def _decode(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(path, f"is not UTF-8 (byte {error.start})") from error


def replace_text(path: str, text: str) -> None:
    """Write a mended text in place of a file's, atomically; a byte-order mark and links stay.

    Raises:
        UnreadableInputError: it cannot be written.
    """
    target = os.path.realpath(path)
    try:
        write_text(target, byte_order_mark(target) + text)
    except OSError as error:
        raise UnreadableInputError(path, error.strerror or str(error)) from error


def byte_order_mark(path: str) -> str:
    """The mark that a file begins with, "" if there is none or no file."""
    if path == STANDARD_INPUT or not os.path.isfile(path):
        return ""
    with open(path, "rb") as file:
        return "\ufeff" if file.read(3) == codecs.BOM_UTF8 else ""


def mapping_document(config: Mapping[Any, Any]) -> Text:
    """A config given as a mapping, written out so that findings have places."""
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    writer = YAML(typ="safe", pure=True)
    writer.version = (1, 1)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # declared without a type
    stream = io.StringIO()
    try:
        writer.dump(_plain(config), stream)
    except RecursionError as error:
        raise UnreadableInputError("<mapping>", "is nested too deep, or holds itself") from error
    except (YAMLError, TypeError) as error:
        raise UnreadableInputError("<mapping>", f"holds something YAML cannot write: {error}") from error
    return Text("<mapping>", stream.getvalue().removeprefix("%YAML 1.1\n---\n"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def command_words(
    options: Sequence[str] | Mapping[str, Any] | None, switches: Collection[str] = ()
) -> tuple[Word, ...]:
    """Words given to us as the training command's arguments, placed in one imaginary line.

    Args:
        options: the words, or option name to value.
        switches: options that take no value, with their opposites.
    """
    if not options:
        return ()
    from .source.launcher import Word

    texts = _as_words(options, switches) if isinstance(options, Mapping) else [str(each) for each in options]
    words, column = [], 0
    for text in texts:
        span = Span(OPTIONS_FILE, 0, column, 0, column + len(text))
        words.append(Word(raw=text, text=text, span=span, quoted=" " in text))
        column += len(text) + 1
    return tuple(words)


def _as_words(options: Mapping[str, Any], switches: Collection[str]) -> list[str]:
    words: list[str] = []
    for name, value in options.items():
        if value is None:
            continue
        if isinstance(value, bool) and name in switches:
            words += [f"--{name}"] * value or [f"--no-{name}"] * (f"no-{name}" in switches)
        else:
            words += [f"--{name}", *map(str, value if isinstance(value, list) else [value])]
    return words


@attrs.frozen(eq=False)
class LauncherReader:
    """How launchers are read.

    Attributes:
        switches: options without a value.
        texts: texts that stand for the files of those names, such as mended ones.
        was_read: every text that was looked at, by name.
    """

    switches: Collection[str] = ()
    texts: Mapping[str, str] = attrs.field(factory=dict)
    was_read: dict[str, str] = attrs.field(init=False, factory=dict)

    def text(self, path: str) -> str:
        """The launcher's characters, kept by name; raises UnreadableInputError."""
        if path not in self.was_read:
            self.was_read[path] = self.texts[path] if path in self.texts else read_text(path).text
        return self.was_read[path]

    def read(self, path: str, text: str | None = None) -> Launcher:
        """The launcher, analysed; raises UnreadableInputError."""
        from .source.launcher import read_launcher

        return read_launcher(self.text(path) if text is None else text, file=path, switches=self.switches)


def choose_launcher(
    config: Text, wanted: str | os.PathLike[str] | bool | None, reader: LauncherReader
) -> LauncherChoice:
    """The launcher to read: the one that was named, or the only sibling whose command names the config."""
    if wanted is False or (wanted in (None, True) and config.directory is None):
        return LauncherChoice()
    if wanted in (None, True):
        return _sibling(config, reader)
    path = os.fspath(wanted)  # type: ignore[arg-type]  # True and None were handled above
    launcher = reader.read(path)
    commands = _naming(launcher, config.name)
    others = () if commands else tuple(_names_another(command, config.name) for command in launcher.commands)
    choice = _chosen(path, launcher, commands or list(launcher.commands), named=True)
    problems = (*choice.problems, *filter(None, others))
    variants = _variants(launcher, config.name)
    shared = len(launcher.commands) > 1
    texts = {path: reader.text(path)}
    return attrs.evolve(choice, problems=problems, texts=texts, variants=variants, shared=shared)


def _sibling(config: Text, reader: LauncherReader) -> LauncherChoice:
    assert config.directory is not None
    found: list[tuple[str, Launcher, list[TrainingCommand]]] = []
    for path in _scripts(config.directory):
        try:
            text = reader.text(path)
        except UnreadableInputError:
            continue
        launcher = reader.read(path, text) if "--config" in text else None
        commands = _naming(launcher, config.name) if launcher else []
        if launcher and commands:
            found.append((path, launcher, commands))
    if len(found) == 1:
        path, launcher, commands = found[0]
        choice = _chosen(path, launcher, commands, named=False)
        variants = _variants(launcher, config.name)
        shared = len(launcher.commands) > 1
        return attrs.evolve(choice, texts={path: reader.text(path)}, variants=variants, shared=shared)
    if found:
        names = ", ".join(os.path.basename(path) for path, _, _ in found)
        return LauncherChoice(
            not_seen=(f"{names} name this config: none of them was read (choose with --launcher)",)
        )
    return LauncherChoice()


def _scripts(directory: str) -> list[str]:
    try:
        with os.scandir(directory) as items:
            names = sorted(item.name for item in items if item.name.endswith(".sh") and _is_small_file(item))
    except OSError:
        return []
    return [os.path.join(directory, name) if directory != "." else name for name in names]


def _is_small_file(item: os.DirEntry[str]) -> bool:
    """A launcher that people write; no pipe that would never end, no self-extracting archive."""
    return item.is_file() and item.stat().st_size <= MAX_LAUNCHER_BYTES


def _variants(launcher: Launcher, config: str) -> tuple[tuple[Word, ...], ...]:
    found = _naming(attrs.evolve(launcher, commands=launcher.variants), config)
    return tuple(command.words for command in found[:MOST_COMMANDS])


def _naming(launcher: Launcher, config: str) -> list[TrainingCommand]:
    from .source.launcher import names_config

    wanted = os.path.basename(config)
    words = ((command, names_config(command)) for command in launcher.commands)
    return [
        command for command, word in words if word is not None and os.path.basename(word.text or "") == wanted
    ]


def _chosen(path: str, launcher: Launcher, commands: list[TrainingCommand], *, named: bool) -> LauncherChoice:
    if not commands or len(commands) > MOST_COMMANDS:
        what = (
            f"it has {len(commands)} training commands" if commands else "no training command was found in it"
        )
        problems = (*launcher.problems, _not_one_command(path, commands))
        return LauncherChoice((), (path,), problems, (f"{path} was read, but {what}: none is used",))
    how = "given" if named else "it names this config; --no-launcher leaves it out"
    several = f"; {len(commands)} training commands, each of them checked" if len(commands) > 1 else ""
    first, *others = (
        LauncherChoice(
            command.words, (path,), launcher.problems, (f"launcher {path} ({how}){several}",),
            command.open_ended, used=True, program=command.program.span,
        )
        for command in commands
    )  # fmt: skip
    return attrs.evolve(first, others=tuple(others))


def _not_one_command(path: str, commands: list[TrainingCommand]) -> Diagnostic:
    python = path.endswith(".py")
    many = f"{len(commands)} training commands fit this config, too many to check each"
    why = "commands that a Python script starts are not read; " if python else ""
    others = [Label(command.program.span, "another one") for command in commands[1:4]]
    return Diagnostic(
        "R109", "not-one-training-command", Severity.INFO, many if commands else "no training command was found here",
        commands[0].program.span if commands else Span(path), labels=tuple(others),
        notes=(f"{why}the options of the command line were not seen",),
        help="put its options behind `--`" if not commands else "check one at a time: put its options behind `--`",
    )  # fmt: skip


def _names_another(command: TrainingCommand, config: str) -> Diagnostic | None:
    """A launcher that was given for a config, but trains another one."""
    from .source.launcher import names_config

    word = names_config(command)
    if word is None or word.text is None:
        return None
    return Diagnostic(
        "R110", "config-mismatch", Severity.WARNING, f"the command trains `{word.text}`, not `{config}`", word.span,
        notes=("its options were read as if they belonged to this config",),
        when="the findings may be about a run that nobody starts", help="give the launcher of this config",
    )  # fmt: skip


def configs_of_launcher(launcher: Text) -> tuple[str, ...]:
    """Paths of the configs that a launcher names, each once, in the order of its commands.

    Raises:
        UnreadableInputError: it names none, or one that depends on something not in the script.
    """
    from .source.launcher import names_config, read_launcher

    commands = read_launcher(launcher.text, file=launcher.name).commands
    words = [word for word in map(names_config, commands) if word is not None]
    if not words:
        raise UnreadableInputError(launcher.name, "no training command names a config")
    unknown = next((word for word in words if word.text is None), None)
    if unknown is not None:
        raise UnreadableInputError(launcher.name, f"cannot tell the config: {unknown.why_unknown}")
    names = dict.fromkeys(word.text or "" for word in words)
    return tuple(_beside(launcher, name) for name in names)


def _beside(launcher: Text, name: str) -> str:
    return name if os.path.isabs(name) else os.path.join(launcher.directory or "", name).removeprefix("./")
