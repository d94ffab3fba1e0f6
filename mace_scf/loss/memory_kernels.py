"""Memory of tensors, seen by compiled kernels through its address; whoever calls keeps the tensors alive."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import carray  # type: ignore[attr-defined]  # numba does not list it
from numba.core import cgutils, types
from numba.extending import intrinsic


@intrinsic
def _pointer(_: Any, address: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), build


@numba.njit(cache=True)
def doubles(address: Any, count: Any) -> Any:
    """Float64 numbers from an address on."""
    return carray(_pointer(address), count, np.float64)  # type: ignore[call-arg]  # numba fills in the first


@numba.njit(cache=True)
def singles(address: Any, count: Any) -> Any:
    """Float32 numbers from an address on."""
    return carray(_pointer(address), count, np.float32)  # type: ignore[call-arg]  # numba fills in the first


@numba.njit(cache=True)
def integers(address: Any, count: Any) -> Any:
    """Int64 numbers from an address on."""
    return carray(_pointer(address), count, np.int64)  # type: ignore[call-arg]  # numba fills in the first
