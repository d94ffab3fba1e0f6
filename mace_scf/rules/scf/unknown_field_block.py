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

    What it checks: `type` and the `…_cls` keys of `fixedpoint_update_config` and `field_readout_config`
    name classes that the trainer is known to have. The set differs between versions, so an unlisted name
    is a warning; a value that is no text is an error.

    Why it matters: the trainer looks the names up at start-up for every model, also where the mapping is
    not used, and stops at a name that its module does not have. A class of the wrong kind passes there
    and fails when the model is built.

    How to fix: take one of the listed names.
    """

    code, slug, severity = "F117", "unknown-field-block", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding per name."""
        for option, slot in (("fixedpoint_update_config", "update"), ("field_readout_config", "readout")):
            for entry in field_mapping(context, option) or ():
                if entry.name != "type" and not entry.name.endswith("_cls"):
                    continue
                known = _known(context, slot if entry.name == "type" else entry.name)
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
        near = suggest(name, known)
        meant = "did you mean " + " or ".join(f"`{candidate}`" for candidate in near) + "?"
        return self.finding(
            f"`{entry.name}` of `{option}` names `{name}`, which is not a known class",
            span=entry.value.span,
            notes=(f"known are {', '.join(known)}",),
            when="the trainer stops at start-up if it has no such class, whatever the model",
            help=meant
            if near
            else "take one of the known names, or make sure that your version has this one",
            suggestions=near,
            fix=rewrite(context, entry.value.span, near[0], safe=False) if len(near) == 1 else None,
        )


def _known(context: Context, slot: str) -> tuple[str, ...]:
    names = [block.name for block in context.trainer.field_blocks if block.slot == slot]
    if slot == "interaction_cls":  # the classes of mace can be taken too
        for option in ("interaction", "interaction_first"):
            names += [str(choice) for choice in context.trainer.option_by_name[option].choices]
    return tuple(dict.fromkeys(names))
