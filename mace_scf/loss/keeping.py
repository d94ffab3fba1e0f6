"""Small columns of host numbers on the devices that a step runs on, copied there once."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

Numbers = Sequence[float] | Sequence[Sequence[int]]


def from_host(values: Numbers, device: torch.device, dtype: torch.dtype | None = None) -> Tensor:
    """A small column of host numbers, copied so that nothing waits for the device."""
    column = torch.tensor(values, dtype=dtype, device="cpu")
    if device.type == "cuda" and torch.cuda.is_available():
        column = column.pin_memory()
    return column.to(device, non_blocking=True)


class Kept:
    """Columns by key and device; copies of an engine, in a file or another process, begin without any."""

    def __init__(self) -> None:
        self._found: dict[object, Tensor] = {}

    def column(
        self, key: object, values: Numbers, device: torch.device, dtype: torch.dtype | None = None
    ) -> Tensor:
        """The column of a key: what stands for ``values`` is the same whenever the key is.

        Args:
            key: says what the values are.
            values: numbers.
            device: where they are wanted.
            dtype: of the column.
        """
        found = self._found.get((key, device))
        if found is None:
            # A validation in inference mode may come first; training uses the same tensor.
            with torch.inference_mode(False):
                found = from_host(values, device, dtype)
            if type(found) is Tensor:  # not one that only stands for a tensor, as under FakeTensorMode
                self._found[key, device] = found
        return found

    def __getstate__(self) -> dict[str, object]:
        return {"_found": {}}
