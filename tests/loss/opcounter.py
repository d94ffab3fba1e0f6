"""Counts operations that a step dispatches, and those whose GPU version waits for the device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_WAITING = (
    "aten::_local_scalar_dense",
    "aten::item",
    "aten::nonzero",
    "aten::unique_dim",
    "aten::unique_consecutive",
    "aten::_unique2",
    "aten::masked_select",
    "aten::is_nonzero",
    "aten::equal",
    "aten::bincount",
    "aten::linalg_inv",
)


class OpCounter(TorchDispatchMode):
    """Counts by name; ``waits`` lists what would wait for a GPU, ``copied`` what goes from the host to another device."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.names: Counter[str] = Counter()
        self.waits: list[str] = []
        self.copied: list[str] = []

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        name = func.overloadpacket._qualified_op_name
        given = dict(kwargs or {})
        self.names[name] += 1
        if name in _WAITING or _waits_by_arguments(name, args, given):
            self.waits.append(name)
        found = func(*args, **given)
        if name in ("aten::_to_copy", "aten::copy_") and _crosses(found, args):
            self.copied.append(name)
        return found


def _crosses(found: torch.Tensor, args: tuple[Any, ...]) -> bool:
    sources = [each for each in args if isinstance(each, torch.Tensor)]
    return found.device.type != "cpu" and any(each.device.type == "cpu" for each in sources)


def _waits_by_arguments(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    if name == "aten::repeat_interleave":
        return kwargs.get("output_size") is None
    if name in ("aten::index", "aten::index_put", "aten::index_put_"):
        return any(isinstance(index, torch.Tensor) and index.dtype is torch.bool for index in args[1])
    if name == "aten::segment_reduce":
        return not kwargs.get("unsafe", False)
    return False


def counted(step: Callable[[], object]) -> OpCounter:
    """Counts of one step."""
    counter = OpCounter()
    with counter:
        step()
    return counter
