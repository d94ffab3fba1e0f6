"""Which word of a command names the trainer, whatever stands in front of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

import attrs

from .shell_fields import Field
from .shell_prefixes import MODULES, PREFIXES, PYTHON, Prefix

_PYTHON_NAME = re.compile(r"(?:python|pypy)\d*(?:\.\d+)*[a-z]*\Z")
_SHELLS = frozenset(["bash", "sh", "dash", "zsh", "ksh"])
_SHELL_FILE = re.compile(r".*\.(?:sh|bash|sbatch|slurm|job|pbs|csh|zsh)\Z")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
# Programs and python modules that may well have a `--config`, and train nothing.
_NO_TRAINERS = frozenset(
    word
    for words in (
        "mace-scf mace_scf [ [[ : alias echo eval export declare set unset source test trap read",
        "printf cat cd cp mv rm ls ln mkdir touch chmod find grep awk sed jq less tail head tee diff",
        "tar zip unzip which curl wget rclone rsync scp ssh git dvc make cmake meson ninja cargo",
        "npm npx helm kubectl gcloud apt apt-get brew pip pip3 conda mamba micromamba docker podman",
        "module ulimit tmux vim pkg-config sbatch salloc scancel scontrol sacct squeue sinfo snakemake",
        "nextflow wandb jupyter black ruff flake8 isort mypy pylint pytest pre-commit sqlfluff yamllint",
        "check-jsonschema sphinx-build",
    )
    for word in words.split()
)


@attrs.frozen
class Program:
    """Where the trainer stands in a command.

    Attributes:
        index: of the word that names it.
        moved: an option in front of it changes the folder.
    """

    index: int
    moved: bool = False


@attrs.frozen
class Inner:
    """A word that holds shell text of its own: ``bash -c "..."``, ``sbatch --wrap "..."``.

    Attributes:
        index: of the word.
        skip: characters of the word in front of the text (``--wrap=``).
        arguments: index of the word that becomes ``$0`` in it; ``$1`` and so on follow.
    """

    index: int
    skip: int = 0
    arguments: int | None = None


@attrs.frozen
class Fed:
    """A shell, or `sbatch`, that may read its script from a here-document."""


def find_program(fields: Sequence[Field]) -> Program | Inner | Fed | None:
    """What the command runs, if that is a trainer or shell text that may hold one."""
    index: int | None = 0
    moved = False
    while index is not None and index < len(fields):
        name = _name(fields[index])
        if name is None and _next_program(fields, index + 1) is None:
            return _unnamed(fields, index, moved)
        if name is None:
            index = _next_program(fields, index + 1)
        elif name in PREFIXES:
            prefix = PREFIXES[name]
            index, moves = _behind_prefix(fields, _behind_verb(fields, index + 1, prefix), prefix)
            moved = moved or moves
        elif _PYTHON_NAME.match(name):
            return _python(fields, index + 1, moved)
        else:
            return _named(fields, index, name, moved)
    return None


def is_trainer(field: Field) -> bool:
    """Whether the name alone says that it is the trainer."""
    name = posixpath.basename(field.tail if field.text is None else field.text)
    return ("run_train" in name and not _SHELL_FILE.match(name)) or name == "mace_scf_train"


def has_config(fields: Sequence[Field]) -> bool:
    """Whether the words hold ``--config``."""
    return any(field.text == "--config" or field.head.startswith("--config=") for field in fields)


def _named(fields: Sequence[Field], index: int, name: str, moved: bool) -> Program | Inner | Fed | None:
    if is_trainer(fields[index]):
        return Program(index, moved)
    if name in _SHELLS:
        return _shell(fields, index + 1)
    if name == "sbatch":
        return _batch(fields, index + 1)
    if name in _NO_TRAINERS or _SHELL_FILE.match(name) or not has_config(fields[index + 1 :]):
        return None
    return _misjudged(fields, index, moved) or Program(index, moved)


def _misjudged(fields: Sequence[Field], index: int, moved: bool) -> Program | None:
    """The program behind what was an option's value, or a program unknown here that runs another."""
    for k in range(index + 1, len(fields)):
        if has_config(fields[k : k + 1]):
            return None
        if is_trainer(fields[k]):
            return Program(k, moved)
        if _PYTHON_NAME.match(_name(fields[k]) or ""):
            return _python(fields, k + 1, moved)
    return None


def _unnamed(fields: Sequence[Field], index: int, moved: bool) -> Program | None:
    """A program whose name is unknown."""
    trains = not fields[index].spreads and has_config(fields[index + 1 :])
    return Program(index, moved) if trains else None


def _name(field: Field) -> str | None:
    """The program's name without its folder; ``None`` when unknown."""
    if field.text is not None:
        return posixpath.basename(field.text)
    known = "/" in field.tail or (not field.spreads and "run_train" in field.tail)
    return posixpath.basename(field.tail) if known else None


def _looks_like_program(field: Field) -> bool:
    name = _name(field)
    if name is None:
        return False
    known = name in PREFIXES or name in _SHELLS or bool(_PYTHON_NAME.match(name))
    return known or is_trainer(field) or name.endswith(".py")


def _next_program(fields: Sequence[Field], index: int) -> int | None:
    return next((k for k in range(index, len(fields)) if _looks_like_program(fields[k])), None)


def _python(fields: Sequence[Field], index: int, moved: bool) -> Program | None:
    """The script or module behind `python`, which may itself start another one."""
    index = _behind_python_options(fields, index)
    prefix = MODULES.get(fields[index].text or "") if index < len(fields) else None
    if prefix is not None:
        behind, moves = _behind_prefix(fields, _behind_verb(fields, index + 1, prefix), prefix)
        index, moved = len(fields) if behind is None else behind, moved or moves
    if index < len(fields) and fields[index].spreads and _name(fields[index]) is None:
        index = _next_program(fields, index + 1) or len(fields)
    if index >= len(fields):
        return None
    name = _name(fields[index])
    if not is_trainer(fields[index]) and (name in _NO_TRAINERS or not has_config(fields[index + 1 :])):
        return None
    return Program(index, moved)


def _behind_python_options(fields: Sequence[Field], index: int) -> int:
    """Index of the script or module; the number of words for ``python -c``."""
    while index < len(fields):
        text = fields[index].text or fields[index].head
        if not text.startswith("-") or text == "-":
            return index
        if text.startswith("-c"):
            return len(fields)
        index += 2 if text in PYTHON.valued else 1
    return index


def _behind_verb(fields: Sequence[Field], index: int, prefix: Prefix) -> int | None:
    """Index behind `launch`, `run` and the like; ``None`` for another sub-command."""
    if not prefix.verbs:
        return index
    while index < len(fields) and (fields[index].text or "").startswith("-"):
        index += 1
    return index + 1 if index < len(fields) and fields[index].text in prefix.verbs else None


def _behind_prefix(fields: Sequence[Field], index: int | None, prefix: Prefix) -> tuple[int | None, bool]:
    """Index of the program behind options, operands and assignments, and whether it runs elsewhere."""
    operands, moved = prefix.operands, False
    while index is not None and index < len(fields):
        field = fields[index]
        text = field.head if field.text is None else field.text
        moved = moved or text.split("=")[0] in prefix.moves
        if text == "--" and not operands:
            return index + 1, moved
        if text.startswith("-"):
            index += _option_width(fields, index, text, prefix)
        elif (field.spreads and _name(field) is None) or (prefix.assignments and _ASSIGNED.match(text)):
            index += 1
        elif operands:
            operands -= 1
            index += 1
        else:
            break
    return index, moved


def _option_width(fields: Sequence[Field], index: int, text: str, prefix: Prefix) -> int:
    """Number of words that the option takes up."""
    if text in prefix.switches or (text.startswith("--") and "=" in text) or text == "--":
        return 1
    if text in prefix.valued | prefix.paired:
        return 2 + (text in prefix.paired)
    following = fields[index + 1] if index + 1 < len(fields) else None
    if following is None or fields[index].text is None or text[:2] in prefix.valued:
        return 1
    return 1 if _looks_like_program(following) or following.head.startswith("-") else 2


def _shell(fields: Sequence[Field], index: int) -> Inner | Fed | None:
    while index < len(fields):
        text = fields[index].text
        if text is None or not text.startswith(("-", "+")):
            return None
        if text in ("-o", "-O", "+o", "--rcfile", "--init-file"):
            index += 2
        elif not text.startswith("--") and "c" in text:
            return Inner(index + 1, 0, index + 2) if index + 1 < len(fields) else None
        else:
            index += 1
    return Fed()


def _batch(fields: Sequence[Field], index: int) -> Inner | Fed | None:
    for k in range(index, len(fields)):
        text = fields[k].text or fields[k].head
        if text.startswith("--wrap="):
            return Inner(k, len("--wrap="))
        if text == "--wrap":
            return Inner(k + 1) if k + 1 < len(fields) else None
    return Fed()
