"""D223: molecules without the box that the boundary method computes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..helpers import known_model
from ..rule import Context, Rule
from ._boxes import BOXED
from ._labels import counted, verb

if TYPE_CHECKING:
    from ...dataset.frame import Item

_METHOD = "electrostatic_pbc_method"
_FLAT = ("none", "singular")


@final
class IsolatedWithoutBox(Rule):
    """Molecules without the box that the boundary method computes in.

    What it checks: every frame with `pbc="F F F"` has a cell with a volume, where the model has long-range
    electrostatics and `electrostatic_pbc_method` is `molecule_in_box` or `mixed_periodic` (the default).

    Why it matters: these methods put a molecule on a reciprocal grid of its own box and take the images out
    again. Frames without a `Lattice` get a zero cell from the reader; what the trainer makes of it differs
    between its versions.

    How to fix: write a box of 30 to 40 Å around the molecule, as in `Lattice="40 0 0 0 40 0 0 0 40"`
    together with `pbc="F F F"`; or choose `realspace` where all frames are molecules.
    """

    code, slug, severity = "D223", "isolated-without-box", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file."""
        method, model = context.run.option(_METHOD), known_model(context)
        if model is None or model.family == "plain":
            return
        if not method.known or method.value not in BOXED:
            return
        for split in context.data.splits:
            count = _boxless(split)
            if count:
                yield self.finding(
                    f"{counted(count, 'isolated frame')} of `{split.setting.name}` "
                    f"{verb(count, 'have', 'has')} no box",
                    span=split.setting.span, labels=method.label() if method.given else (),
                    notes=(
                        f"`{_METHOD}: {method.value}` computes the charges of a molecule in its box",
                        *_first(split),
                    ),
                    when="the reader gives them a zero cell; what becomes of it depends on the trainer's version",
                    help='write a box of 30 to 40 Å beside `pbc="F F F"`',
                )  # fmt: skip


def _boxless(split: Split) -> int:
    """Isolated frames without a volume; 0 where the joint counts are not kept."""
    from ...dataset.answers import frames_with

    return frames_with(split.profile, _is_boxless) or 0


def _first(split: Split) -> tuple[str, ...]:
    from ...dataset.answers import first_frames_with

    return tuple(
        f"the first is {place.shown}" for place in first_frames_with(split.profile, _is_boxless, limit=1)
    )


def _is_boxless(items: frozenset[Item]) -> bool:
    facts = {item.key: item.detail for item in items if item.location == "frame"}
    return facts.get("pbc") == "FFF" and facts.get("cell") in _FLAT
