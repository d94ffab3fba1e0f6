"""How a wrong input is refused, inside a compiler too: the same error, before anything is compiled.

A compiler follows the checks on the shapes it stands for. Where one fails, it would tell of an exception that it saw
instead of raising it, or of what the arithmetic ran into later; so it is told to raise ours at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from types import FrameType
from typing import Any, NoReturn

import torch

from .problems import LossInputError


def refuse(term: str, key: str, *, expected: str, found: str) -> NoReturn:
    """Stop: a prediction or reference cannot be used. Arguments as of the error.

    Raises:
        LossInputError: always.
    """
    if torch.compiler.is_compiling():
        from torch._dynamo.comptime import comptime

        comptime(_refuse_while_compiling)  # names above are looked up there
    raise LossInputError(term, key, expected=expected, found=found)


def shape_of(value: torch.Tensor) -> str:
    """Shape of a tensor in words, ``(24, 3)``, also where a compiler stands for its numbers."""
    return shown(value.shape)


def shown(lengths: Sequence[object]) -> str:
    """Lengths as a tuple is printed."""
    words = [f"{length}" for length in lengths]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def _refuse_while_compiling(context: Any) -> NoReturn:
    words = {name: _word(context.get_local(name)) for name in ("term", "key", "expected", "found")}
    raise _passing()(inspect.currentframe(), words)


def _word(variable: Any) -> str:
    return str(variable.as_python_constant())


@cache
def _passing() -> Callable[[FrameType | None, dict[str, str]], LossInputError]:
    """Makes the same error as one that a compiler hands on as it is; it wraps others into one of its own."""
    from torch._dynamo import exc

    known: Any = getattr(exc, "ShortenTraceback", None)
    if known is None:  # an older torch
        return lambda _, words: LossInputError(**words)

    class CompiledLossInputError(LossInputError, known):  # type: ignore[misc]  # a base of no known type
        """A :class:`LossInputError` found while a step was compiled."""

        def __init__(self, frame: FrameType | None, words: dict[str, str]) -> None:
            known.__init__(self, first_useful_frame=frame)
            LossInputError.__init__(self, **words)

    return CompiledLossInputError
