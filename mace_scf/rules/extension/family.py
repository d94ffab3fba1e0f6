"""Declaration files themselves: codes E."""

from __future__ import annotations

from ..rule import Rule
from .extension_contradicts_itself import ContradictsItself
from .extension_incomplete import IncompleteDeclaration
from .extension_name_taken import NameTaken
from .extension_of_another_trainer import OfAnotherTrainer
from .extension_unknown_key import UnknownKeyOfExtension
from .extension_unknown_name import UnknownNameInExtension
from .extension_unreadable import UnreadableExtension
from .extension_wrong_value import WrongValueInExtension

RULES: tuple[type[Rule], ...] = (
    UnknownKeyOfExtension,
    WrongValueInExtension,
    UnknownNameInExtension,
    IncompleteDeclaration,
    NameTaken,
    ContradictsItself,
    OfAnotherTrainer,
    UnreadableExtension,
)
