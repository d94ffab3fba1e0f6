"""Which launcher is read for a config, and what it gives; which configs a launcher trains."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import attrs

from ..diagnostics import Diagnostic, Label, Severity, Span
from ..errors import UnreadableInputError
from .text import STANDARD_INPUT, Text, read_text

if TYPE_CHECKING:
    from ..source.launcher import Launcher, TrainingCommand, Word

MAX_LAUNCHER_BYTES = 1_000_000
SCRIPT_SUFFIXES = (
    ".sh",
    ".bash",
    ".zsh",
    ".ksh",
    ".slurm",
    ".sbatch",
    ".pbs",
    ".lsf",
    ".sge",
    ".qsub",
    ".job",
)
MOST_COMMANDS = 16
_OF_DATA = (".xyz", ".extxyz", ".xyz.gz", ".xyz.bz2", ".xyz.xz", ".h5", ".hdf5", ".lmdb", ".traj")
_OF_TOOLS = ("makefile", "gnumakefile", "snakefile", "justfile", ".justfile", "dockerfile")
_OF_TOOLS_TOO = (".mk", ".smk", ".nf", ".just", ".ipynb")
_ASKS_FOR_SHELL = re.compile(r"#![^\n]*\b(?:ba|z|k|da|tc|c)?sh\b")


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
        directory: the folder that the launcher goes to before, if it goes to a known one.
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
    directory: str | None = None

    @property
    def each(self) -> tuple[LauncherChoice, ...]:
        """One for each command that fits the config, itself first."""
        rest = (attrs.evolve(other, problems=self.problems, texts=self.texts) for other in self.others)
        return (attrs.evolve(self, others=()), *rest)


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
        from ..source.launcher import read_launcher

        return read_launcher(
            self.text(path) if text is None else text,
            file=path, switches=self.switches, path=_full_name(path),
        )  # fmt: skip


def _full_name(path: str) -> str | None:
    return None if path == STANDARD_INPUT else os.path.abspath(path)


def read_config(path: str, launcher: str | os.PathLike[str] | bool | None) -> Text:
    """A file; or, where there is none, the config of that name that the given launcher writes.

    Raises:
        UnreadableInputError: neither can be read.
    """
    try:
        return read_text(path)
    except UnreadableInputError:
        if launcher is None or isinstance(launcher, bool):
            raise
        from .written import config_of_launcher

        written = config_of_launcher(path, read_text(os.fspath(launcher)))
        if written is None:
            raise
        return written


def is_script(text: Text) -> bool:
    """Whether a file that was given is a launcher: by its name, or by a first line that asks for a shell."""
    if text.name.endswith(SCRIPT_SUFFIXES):
        return True
    return not text.name.endswith((".yaml", ".yml")) and _ASKS_FOR_SHELL.match(text.text) is not None


def why_not_followed(name: str) -> str | None:
    """What to say of a file that is no config and leads to none; ``None`` for all others."""
    base = os.path.basename(name).casefold()
    if base.endswith(_OF_DATA):
        return f"holds frames, no config; `mace-scf profile {name}` tells what is in it"
    if base.endswith(".py"):
        starts = "a Python script starts"
    elif base in _OF_TOOLS or base.endswith(_OF_TOOLS_TOO):
        starts = "make, Snakemake, just and the like start"
    else:
        return None
    return f"commands that {starts} are not read; give the config, and their options behind `--`"


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
    commands = _naming(launcher, config)
    nameless = config.directory is None  # standard input, which the command cannot name
    others = (
        ()
        if commands or nameless
        else tuple(_names_another(command, config.name) for command in launcher.commands)
    )
    choice = _read_choice(config, path, launcher, commands or list(launcher.commands), reader, named=True)
    return attrs.evolve(choice, problems=(*choice.problems, *filter(None, others)))


def _read_choice(
    config: Text, path: str, launcher: Launcher, commands: list[TrainingCommand], reader: LauncherReader,
    *, named: bool,
) -> LauncherChoice:  # fmt: skip
    choice = _chosen(path, launcher, commands, named=named)
    return attrs.evolve(
        choice, problems=(*choice.problems, *_overwritten(config, launcher, commands)),
        texts={path: reader.text(path)}, variants=_variants(launcher, config),
        shared=len(launcher.commands) > 1,
    )  # fmt: skip


def _overwritten(config: Text, launcher: Launcher, commands: list[TrainingCommand]) -> tuple[Diagnostic, ...]:
    if not launcher.written:
        return ()
    from .written import overwritten

    return overwritten(config, launcher, commands)


def _sibling(config: Text, reader: LauncherReader) -> LauncherChoice:
    assert config.directory is not None
    found: list[tuple[str, Launcher, list[TrainingCommand]]] = []
    for path in _scripts(config.directory):
        try:
            text = reader.text(path)
        except UnreadableInputError:
            continue
        launcher = reader.read(path, text) if "--config" in text else None
        commands = _naming(launcher, config) if launcher else []
        if launcher and commands:
            found.append((path, launcher, commands))
    if len(found) == 1:
        path, launcher, commands = found[0]
        return _read_choice(config, path, launcher, commands, reader, named=False)
    if found:
        names = ", ".join(os.path.basename(path) for path, _, _ in found)
        return LauncherChoice(
            not_seen=(f"{names} name this config: none of them was read (choose with --launcher)",)
        )
    return LauncherChoice()


def _scripts(directory: str) -> list[str]:
    try:
        with os.scandir(directory) as items:
            names = sorted(
                item.name for item in items if item.name.endswith(SCRIPT_SUFFIXES) and _is_small_file(item)
            )
    except OSError:
        return []
    return [os.path.join(directory, name) if directory != "." else name for name in names]


def _is_small_file(item: os.DirEntry[str]) -> bool:
    """A launcher that people write; no pipe that would never end, no self-extracting archive."""
    return item.is_file() and item.stat().st_size <= MAX_LAUNCHER_BYTES


def _variants(launcher: Launcher, config: Text) -> tuple[tuple[Word, ...], ...]:
    found = _naming(attrs.evolve(launcher, commands=launcher.variants), config)
    return tuple(command.words for command in found[:MOST_COMMANDS])


def _naming(launcher: Launcher, config: Text) -> list[TrainingCommand]:
    """The commands that train it: those that name its file, or those behind the here-document that it is."""
    from ..source.launcher import names_config

    if config.written is not None:
        from ..source.written import config_written_for

        written = ((command, config_written_for(command, launcher.written)) for command in launcher.commands)
        return [command for command, file in written if file is not None and file.at == config.written.at]
    wanted = os.path.basename(config.name)
    words = ((command, names_config(command)) for command in launcher.commands)
    return [command for command, word in words if word is not None and word.file_name == wanted]


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
            directory=_gone_to(path, command.directory),
        )
        for command in commands
    )  # fmt: skip
    return attrs.evolve(first, others=tuple(others))


def _gone_to(launcher: str, folder: str | None) -> str | None:
    """The folder that a launcher goes to before it trains, seen from the present one."""
    return os.path.normpath(os.path.join(os.path.dirname(launcher), folder)) if folder else None


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
    from ..source.launcher import names_config

    word = names_config(command)
    if word is None or word.text is None:
        return None
    return Diagnostic(
        "R110", "config-mismatch", Severity.WARNING, f"the command trains `{word.text}`, not `{config}`", word.span,
        notes=("its options were read as if they belonged to this config",),
        when="the findings may be about a run that nobody starts", help="give the launcher of this config",
    )  # fmt: skip
