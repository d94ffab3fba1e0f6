"""F117: an update or readout class of an unknown name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...config.structure import describe
from ...diagnostics import Diagnostic, Severity
from ...source import Entry, Scalar, trainer_object
from ..helpers import rewrite
from ..rule import Context, Rule
from ._blocks import field_mapping


@final
class UnknownFieldBlock(Rule):
    """An update or readout class of an unknown name.

    What it checks: `type` and the class keys of `fixedpoint_update_config`, `type` and every `…_cls` key of
    `field_readout_config` name classes that the trainer is known to have, and to have there. The set differs
    between versions, so an unlisted name is a warning; a value that is no text is an error.

    Why it matters: the trainer looks the names up at start-up for every model, also where the mapping is
    not used, and stops at a name that its module does not have. A class of the wrong kind passes there
    and fails when the model is built.

    How to fix: take one of the listed names.
    """

    code, slug, severity = "F117", "unknown-field-block", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per name."""
        for option in ("fixedpoint_update_config", "field_readout_config"):
            for entry in field_mapping(context, option) or ():
                if not _is_looked_up(context, option, entry.name):
                    continue
                known = _known(context, option, entry.name)
                name = entry.value.trainer_value if isinstance(entry.value, Scalar) else None
                if not isinstance(name, str):
                    yield self._no_name(option, entry)
                elif known and name not in known:
                    yield self._unknown(context, option, entry, name, known)

    def _no_name(self, option: str, entry: Entry) -> Diagnostic:
        found = trainer_object(entry.value)
        return self.finding(
            f"`{entry.name}` of `{option}` takes the name of a class, not {describe(found)}",
            span=entry.value.span,
            severity=Severity.ERROR,
            when="the trainer stops at start-up, whatever the model",
            help="write the name of a class",
        )

    def _unknown(
        self, context: Context, option: str, entry: Entry, name: str, known: tuple[str, ...]
    ) -> Diagnostic:
        near, homes = suggest(name, known), _homes(context, name)
        meant = "did you mean " + " or ".join(f"`{candidate}`" for candidate in near) + "?"
        what = f"which is a class for {' and '.join(homes)}" if homes else "which is not a known class"
        return self.finding(
            f"`{entry.name}` of `{option}` names `{name}`, {what}",
            span=entry.value.span,
            notes=(f"known are {', '.join(known)}",),
            when=_WRONG_KIND if homes else _NO_SUCH_CLASS,
            help=meant
            if near
            else "take one of the known names, or make sure that your version has this one",
            suggestions=near,
            fix=rewrite(context, entry.value.span, near[0], safe=False) if len(near) == 1 else None,
        )


_NO_SUCH_CLASS = "the trainer stops at start-up if it has no such class, whatever the model"
_WRONG_KIND = "it passes at start-up, and the trainer stops while the model is built"


def _is_looked_up(context: Context, option: str, key: str) -> bool:
    """Whether a class is looked up by the value: in the readout for every such key, in the update for known ones."""
    declared = {known.name for known in context.trainer.blocks.update}
    return key == "type" or (key.endswith("_cls") and (option == "field_readout_config" or key in declared))


def _homes(context: Context, name: str) -> list[str]:
    """Where a class of that name belongs."""
    types = {"update": "`type` of `fixedpoint_update_config`", "readout": "`type` of `field_readout_config`"}
    slots = dict.fromkeys(block.slot for block in context.trainer.field_blocks if block.name == name)
    return [types.get(slot, f"`{slot}`") for slot in slots]


def _known(context: Context, option: str, key: str) -> tuple[str, ...]:
    """Classes for a key; for keys of the readout that have no classes of their own, all of them."""
    slot = {"fixedpoint_update_config": "update", "field_readout_config": "readout"}[option]
    blocks = context.trainer.field_blocks
    names = [block.name for block in blocks if block.slot == (slot if key == "type" else key)]
    if key == "interaction_cls":  # the classes of mace can be taken too
        for choices in ("interaction", "interaction_first"):
            names += [str(choice) for choice in context.trainer.option_by_name[choices].choices]
    if not names and slot == "readout":
        names = [block.name for block in blocks]
    return tuple(dict.fromkeys(names))
