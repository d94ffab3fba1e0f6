"""Compiles the kernels into one object file: ``python -m mace_scf.dataset.kernels.build FILE``.

This runs in a process of its own, because a compiler is large and nobody needs it afterwards.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numba

from . import atoms, decimals, headers, walk
from .load import target_machine

KERNELS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "walk_frames": (walk.SIGNATURE, walk.walk_frames),
    "split_headers": (headers.SPLIT, headers.split_headers),
    "sort_tokens": (headers.SORT, headers.sort_tokens),
    "read_decimal": (decimals.SIGNATURE, decimals.read_decimal),
    "read_atoms": (atoms.SIGNATURE, atoms.read_atoms),
}


def compiled() -> bytes:
    """The object file with all kernels."""
    whole = llvm.parse_assembly("")
    for name, (signature, function) in KERNELS.items():
        whole.link_in(_module(name, signature, function))
    return bytes(target_machine().emit_object(whole))


def _module(name: str, signature: Any, function: Callable[..., Any]) -> Any:
    """A module in which the function itself has its plain name, and nothing else is to be seen.

    Numba's wrapper around it would need Python and numba at hand, in case of an exception; ours raise none.
    """
    kernel = numba.cfunc(signature, error_model="numpy")(function)
    module = llvm.parse_assembly(_without_function(kernel.inspect_llvm(), kernel.native_name))
    for own in (*module.functions, *module.global_variables):
        if own.name == kernel.native_name.removeprefix("cfunc."):
            own.name = name
        elif not own.is_declaration:
            own.linkage = "internal"  # helpers that several kernels share
    return module


def _without_function(text: str, name: str) -> str:
    begin = re.search(rf"^define [^\n]*@{re.escape(name)}\(", text, re.MULTILINE)
    if begin is None:
        raise RuntimeError(f"{name} is not in its own module")
    return text[: begin.start()] + text[text.index("\n}\n", begin.start()) + 3 :]


def main() -> None:
    """Write the file, whole or not at all."""
    (file,) = sys.argv[1:]
    fresh = f"{file}.{os.getpid()}.part"
    with open(fresh, "wb") as stream:
        stream.write(compiled())
    os.replace(fresh, file)


if __name__ == "__main__":
    main()
