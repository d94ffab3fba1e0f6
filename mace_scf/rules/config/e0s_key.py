"""C141: atomic energies that the trainer cannot look up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, final

from ...config import Setting
from ...diagnostics import Diagnostic, Fix, Severity
from ...source import Mapping
from ..helpers import rewrite, together
from ..rule import Context, Rule
from ._effect import is_cut_short

_OUTRANKED = "frames of type IsolatedAtom in the training file would outrank it"


@final
class E0sKey(Rule):
    """Atomic energies that the trainer cannot look up.

    What it checks: `E0s` is a mapping from atomic numbers to energies, the word `average`, or a file ending
    in `.json`. Keys are numbers: `H` and `"1"` are texts. Where the training file holds frames of type
    IsolatedAtom nothing is said: they outrank the option, whatever it is.

    Why it matters: the trainer stops while the data are loaded: a text that it cannot read is refused, and
    of a mapping by symbols no element is ever found.

    How to fix: write `E0s: {1: -13.6, 8: -2040.3}` with your own energies in eV.
    """

    code, slug, severity = "C141", "e0s-key", Severity.ERROR
    after = ("C110", "C125")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """A mapping by its keys, anything else by its form."""
        setting = context.run.option("E0s")
        if not (setting.given and setting.known) or is_cut_short(setting, context):
            return
        wrong = _what_is_wrong(setting.value)
        isolated = _holds_isolated_atoms(context) if wrong else None
        if not wrong or isolated:
            return
        certain = isinstance(setting.value, dict) or isolated is False
        yield self.finding(
            wrong,
            span=setting.span if not isinstance(setting.value, dict) else setting.place,
            severity=Severity.ERROR if certain else Severity.WARNING,
            notes=() if isolated is False else (_OUTRANKED,),
            when="the trainer stops while the data are loaded",
            help=_help(setting),
            fix=_numbered(context, setting),
        )


def _numbered(context: Context, setting: Setting[Any]) -> Fix | None:
    """Atomic numbers in place of symbols and quoted numbers."""
    from ...catalog.elements import NUMBERS

    entries = setting.node.entries if isinstance(setting.node, Mapping) else ()
    wrong = [entry.key for entry in entries if not isinstance(entry.key.trainer_value, int)]
    numbers = [int(key.text) if key.text.isdecimal() else NUMBERS.get(key.text) for key in wrong]
    right = {entry.key.trainer_value for entry in entries} & set(numbers)
    if None in numbers or right or len(set(numbers)) < len(numbers):
        return None
    fixes = [rewrite(context, key.span, str(number)) for key, number in zip(wrong, numbers, strict=True)]
    return together("write atomic numbers", *fixes, safe=True)


def _what_is_wrong(value: Any) -> str:
    if isinstance(value, dict):
        texts = [key for key in value if not isinstance(key, int) or isinstance(key, bool)]
        return f"`E0s` is keyed by `{texts[0]}`, not by atomic numbers" if texts else ""
    text = str(value)
    if text.lower() == "average" or text.endswith(".json"):
        return ""
    return f"`E0s: {text}` is no mapping, no `.json` file and not the word `average`"


def _help(setting: Setting[Any]) -> str:
    if not isinstance(setting.value, dict):
        return "give a mapping from atomic numbers to energies in eV"
    from ...catalog.elements import NUMBERS

    pairs = [(NUMBERS.get(str(key), key), energy) for key, energy in list(setting.value.items())[:4]]
    more = ", …" if len(setting.value) > 4 else ""
    if any(not isinstance(number, int) and not str(number).isdigit() for number, _ in pairs):
        return "take atomic numbers as keys"
    return "write `E0s: {" + ", ".join(f"{number}: {energy}" for number, energy in pairs) + more + "}`"


def _holds_isolated_atoms(context: Context) -> bool | None:
    """Whether the training file has such frames; None where it was not measured."""
    train = context.data.train
    return None if train is None or not train.knows_isolated_atoms else bool(train.profile.isolated)
