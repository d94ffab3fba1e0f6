"""Values with all their tensors replaced, whatever holds them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from torch import Tensor


def with_tensors(value: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """A copy of a value in which every tensor went through ``change``, each once.

    Args:
        value: a tensor, or attrs values, mappings, lists and tuples that hold some; the rest is kept.
        change: makes the new tensor.
    """
    return _copied(value, change, {})


def _copied(value: Any, change: Callable[[Tensor], Tensor], done: dict[int, Tensor]) -> Any:
    if isinstance(value, Tensor):
        if id(value) not in done:
            done[id(value)] = change(value)
        return done[id(value)]
    if isinstance(value, Mapping):
        return {key: _copied(each, change, done) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copied(each, change, done) for each in value)
    if not attrs.has(type(value)):
        return value
    made = copy.copy(value)
    for field in attrs.fields(type(value)):
        object.__setattr__(made, field.name, _copied(getattr(value, field.name), change, done))
    return made
