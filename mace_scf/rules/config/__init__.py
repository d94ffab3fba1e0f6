"""Keys, types and options of the run as a whole: codes C."""

from __future__ import annotations

from ..rule import Rule
from .unknown_key import UnknownKey
from .wrong_type import WrongType

RULES: tuple[type[Rule], ...] = (UnknownKey, WrongType)
