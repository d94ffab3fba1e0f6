"""C147: an option that is read as a Python literal and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, final

from ...catalog.option import Kind, Option
from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ..helpers import replacement
from ..rule import Context, Rule
from ._effect import is_cut_short, without_effect

_LISTS = ("radial_MLP", "field_feature_widths", "oxidation_state_range")
_MAPPINGS = ("config_type_weights", "atomic_formal_charges", "atom_density_scaling")
_ALWAYS_READ = ("atom_density_scaling",)  # read for every model, whether or not it uses the scale
_FORGIVEN = "config_type_weights"
_IGNORED = "the trainer warns at start-up and gives every frame the weight 1"
_MODEL_BUILD = "the trainer stops when the model is built, after the data are loaded"


@final
class LiteralUnreadable(Rule):
    """An option that is read as a Python literal and is none.

    What it checks: `radial_MLP`, `field_feature_widths`, `atomic_formal_charges` and the other options of
    that sort hold a Python literal, or one of the words that they take beside literals. Lists are lists.

    Why it matters: the argument parser keeps the text; it is read when the model is built, after the data
    were loaded. `config_type_weights` is read earlier, and replaced by weights of one with a warning.

    How to fix: write lists in brackets and mappings in braces, in quotes: `"[64, 64, 64]"`.
    """

    code, slug, severity = "C147", "literal-unreadable", Severity.ERROR
    after = ("C110", "C120", "C125")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Options that are read in this run; `E0s` has a rule of its own."""
        for setting in context.run.given():
            option = context.trainer.option_by_name[setting.name]
            if option.kind is not Kind.LITERAL or option.name == "E0s" or not setting.known:
                continue
            wrong = _what_is_wrong(option, setting.value)
            unread = option.name not in _ALWAYS_READ and without_effect(option, context) is not None
            if wrong and not unread and not is_cut_short(setting, context):
                yield self._finding(context, option, setting, wrong)

    def _finding(self, context: Context, option: Option, setting: Setting[Any], wrong: str) -> Diagnostic:
        forgiven = option.name == _FORGIVEN
        words = " or ".join(f"the word `{word}`" for word in option.known)
        quote = "'" if '"' in str(option.default) else '"'
        return self.finding(
            f"`{option.name}` is {wrong}",
            span=setting.span,
            severity=Severity.WARNING if forgiven else Severity.ERROR,
            when=_IGNORED if forgiven else _MODEL_BUILD,
            help=f"write something like `{quote}{option.default}{quote}`"
            + (f", or {words}" if words else ""),
            fix=_bracketed(context, option, setting),
        )


def _bracketed(context: Context, option: Option, setting: Setting[Any]) -> Fix | None:
    """Numbers in a row are a list without its brackets."""
    words = re.split(r"[\s,;]+", str(setting.value).strip())
    numbers = [word for word in words if re.fullmatch(r"[-+]?\d+(\.\d*)?", word)]
    plain = option.name in _LISTS and len(numbers) == len(words)
    return replacement(context, setting, f"[{', '.join(numbers)}]") if plain else None


def _what_is_wrong(option: Option, value: Any) -> str:
    if str(value) in option.known:  # the literal `None` among them
        return ""
    if isinstance(value, str):
        return f"no Python literal: `{value}`"
    if option.name in _LISTS and not isinstance(value, list | tuple):
        return f"no list: `{value}`"
    if option.name in _MAPPINGS and not isinstance(value, dict):
        return f"no mapping: `{value}`"
    return ""
