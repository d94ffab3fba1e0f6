"""The entry point: choose the verb, keep promises about exit statuses and broken pipes."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .status import CLEAN, INTERNAL, USAGE, leave_unread

_FULL = (errno.ENOSPC, errno.EDQUOT)
VERBS = {
    "validate": "check configs, launchers and label files before anything is queued",
    "profile": "what data files hold: labels, elements, cells, weights, damage",
    "explain": "the page of one rule",
    "explain-term": "what one loss term compares and needs, and which models serve it",
    "capabilities": "loss terms by model and mode",
    "loss": "what each loss term of a training log weighed lately, by stage",
    "plot": "draw the loss terms of a training log",
    "schema": "print the JSON Schema, or wire it into an editor",
}


def entry() -> NoReturn:
    """The process: run, then leave without taking every module apart, which costs a tenth of a short check."""
    gc.disable()  # a check is short and leaves few cycles; collecting while modules load costs 7 % of it
    try:
        status = main()
    except SystemExit as stop:  # argparse, after it has told about usage
        status = stop.code if isinstance(stop.code, int) else USAGE
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        argv: words after the program's name; by default those of the process.

    Returns:
        0 clean, 1 findings, 2 usage or unreadable input, 3 internal error.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _write_anything()
    try:
        status = _dispatch(words)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_unread()
        return CLEAN
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in _FULL:
            return _internal_error(error)
        print(f"mace-scf: the output cannot be written: {error.strerror}", file=sys.stderr)
        return USAGE
    except Exception as error:
        return _internal_error(error)
    return status


def _write_anything() -> None:
    """A terminal that knows no Å, or a file name that is no Unicode text, shall not end in an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_usage())
        return CLEAN if words else USAGE
    if words[0] in ("-V", "--version"):
        from .. import __version__

        print(f"mace-scf {__version__}")
        return CLEAN
    if words[0] not in VERBS:
        return _unknown_verb(words[0])
    module = importlib.import_module(f".commands.{words[0].replace('-', '_')}", __package__)
    status: int = module.run(words[1:])
    return status


def _unknown_verb(word: str) -> int:
    from ..catalog.suggest import suggest

    near = suggest(word, tuple(VERBS))
    hint = f"; did you mean `mace-scf {near[0]}`?" if near else f"; there are {', '.join(VERBS)}"
    if not near and os.path.exists(word):
        hint = f"; to check a file: `mace-scf validate {word}`"
    print(f"mace-scf: there is no verb `{word}`{hint}", file=sys.stderr)
    return USAGE


def _usage() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb:<{width}}  {text}" for verb, text in VERBS.items())
    return f"usage: mace-scf VERB …\n\n{verbs}\n\n`mace-scf VERB --help` says more."


def _internal_error(error: Exception) -> int:
    if os.environ.get("MACE_SCF_TRACEBACK"):
        raise error
    print(
        f"mace-scf: internal error: {type(error).__name__}: {error}\n"
        "This is a mistake of ours; please report it (MACE_SCF_TRACEBACK=1 shows where).",
        file=sys.stderr,
    )
    return INTERNAL


if __name__ == "__main__":
    entry()
