"""Brings compiled kernels into this process; compiles them first, in another one, where there are none."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from mace_scf.errors import MaceScfError

from ..folders import cache_folder

# Arguments of each kernel: p for an address, n for a number.
ARGUMENTS = {
    "walk_frames": "pnnnnnpnpppnppnpppp",
    "split_headers": "pppnnppnpnppppppppppp",
    "sort_tokens": "pnppnppp",
    "read_decimal": "pnnp",
    "read_atoms": "ppnpnnppnpnpppppppppp",
}
_SOURCES = (
    "__init__",
    "words",
    "masks",
    "decimals",
    "hashes",
    "walk",
    "headers",
    "moments",
    "cells",
    "atoms",
    "build",
    "load",
)
_LONGEST_BUILD = 120  # seconds
_alive: list[Any] = []  # code lives as long as its compiler object


class KernelsMissingError(MaceScfError, LookupError):
    """There are no compiled kernels, and they cannot be made."""


@cache
def target_machine() -> Any:
    """A code generator for the processor at hand."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        codemodel="jitdefault",
        jit=True,
    )


@cache
def object_file() -> Path:
    """Where the kernels of this version are kept for this processor."""
    import llvmlite
    import llvmlite.binding as llvm

    digest = hashlib.sha256(llvmlite.__version__.encode())
    digest.update(llvm.get_host_cpu_name().encode() + llvm.get_host_cpu_features().flatten().encode())
    for name in _SOURCES:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return cache_folder() / "kernels" / f"{digest.hexdigest()[:32]}.o"


def is_ready() -> bool:
    """Whether there are compiled kernels to load."""
    return object_file().exists()


def can_build() -> bool:
    """Whether kernels can be compiled and kept here."""
    if not sys.executable or importlib.util.find_spec("numba") is None:
        return False
    folder = object_file().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def build_beside() -> bool:
    """Begin to compile beside a scan that need not wait for it, unless that is being done; whether it is."""
    if not can_build():
        return False
    mark = object_file().with_suffix(".begun")
    try:
        if time.time() - mark.stat().st_mtime < _LONGEST_BUILD:
            return True
    except OSError:
        pass
    try:
        mark.touch()
        start_build()
    except OSError:
        return False
    return True


def start_build() -> subprocess.Popen[bytes]:
    """Compiles the kernels in another process, which goes on by itself."""
    command = [sys.executable, "-m", "mace_scf.dataset.kernels.build", str(object_file())]
    root = str(Path(__file__).parents[3])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths}, start_new_session=True,
    )  # fmt: skip


@cache
def kernels() -> dict[str, Any]:
    """Functions by name, compiled first where that was never done.

    Raises:
        KernelsMissingError: they are not there and cannot be made.
    """
    if not is_ready() and not (can_build() and start_build().wait() == 0 and is_ready()):
        raise KernelsMissingError("the kernels cannot be compiled here")
    return _loaded()


def _loaded() -> dict[str, Any]:
    import llvmlite.binding as llvm

    try:
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
        engine.add_object_file(llvm.ObjectFileRef.from_data(object_file().read_bytes()))
        engine.finalize_object()
    except (OSError, RuntimeError) as error:
        raise KernelsMissingError(f"the kernels cannot be loaded: {error}") from error
    _alive.append(engine)
    return {name: _function(engine.get_function_address(name), kinds) for name, kinds in ARGUMENTS.items()}


def _function(address: int, kinds: str) -> Callable[..., int]:
    """A function by numba's own convention: result and exception are written where the caller says."""
    arguments = [ctypes.c_void_p if kind == "p" else ctypes.c_int64 for kind in kinds]
    raw = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *arguments)(address)
    result, error = ctypes.c_int64(), ctypes.c_void_p()
    places = ctypes.byref(result), ctypes.byref(error)

    def call(*values: Any) -> int:
        if raw(*places, *values) != 0:
            raise RuntimeError("a kernel failed")
        return result.value

    return call


def address(array: Any) -> int:
    """Where the numbers of a contiguous array lie."""
    try:
        return ctypes.addressof(ctypes.c_char.from_buffer(array))  # the fast way
    except (TypeError, ValueError):  # not to be written to, in columns, or empty
        place: int = array.__array_interface__["data"][0]
        return place
