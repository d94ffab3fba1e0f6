"""D207: bulk frames that are mostly vacuum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..helpers import new_option
from ..rule import Context, Rule

if TYPE_CHECKING:
    from ...dataset.frame import Item

_LIMIT, _ALLOWED = "low_density_pbc_max_volume_per_atom", "allow_low_density_pbc"


@final
class LowDensity(Rule):
    """Bulk frames that are mostly vacuum.

    What it checks: the volume per atom of frames that are periodic in all three directions, against
    `low_density_pbc_max_volume_per_atom` (100 Å³).

    Why it matters: beyond the limit the trainer stops while it loads the data. Such a frame is mostly a
    molecule in a box whose `pbc` was never written: with a `Lattice` and no `pbc` it counts as periodic.

    How to fix: write `pbc="F F F"` for molecules, `"T T F"` for slabs; for a true low-density material set
    `allow_low_density_pbc`, or raise the limit.
    """

    code, slug, severity = "D207", "low-density", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each file, with the emptiest frame."""
        limit = context.run.option(_LIMIT)
        if (
            not context.data.splits
            or not isinstance(limit.value, int | float)
            or not context.run.option(_ALLOWED).is_known(False)
        ):
            return
        from ...dataset.answers import volume_per_atom

        for split in context.data.splits:
            moments = volume_per_atom(split.profile, "TTT")
            largest = moments.maximum if moments is not None else None
            if moments is not None and largest is not None and largest.value > limit.value:
                yield self.finding(
                    f"bulk frames of `{split.setting.name}` have up to {largest.value:.0f} Å³ per atom",
                    span=split.setting.span, labels=limit.label() if limit.given else (),
                    notes=(
                        f"the limit is {limit.value:g} Å³ per atom", f"most in {largest.place.shown}",
                        *_unstated(split),
                    ),
                    when="the trainer stops when it loads the data",
                    help='write `pbc="F F F"` for molecules; for a true low-density material set '
                    "`allow_low_density_pbc`",
                    fix=new_option(context, {_ALLOWED: "true"}, f"add `{_ALLOWED}: true`"),
                )  # fmt: skip


def _unstated(split: Split) -> tuple[str, ...]:
    """How many bulk frames are bulk because they say nothing else."""
    from ...dataset.answers import carries, frames_with

    def silent(items: frozenset[Item]) -> bool:
        flags = {item.detail for item in items if (item.location, item.key) == ("frame", "pbc")}
        return "TTT" in flags and not carries(items, "info", "pbc")

    count = frames_with(split.profile, silent) if split.declared is None else None
    return (f"{count} of the bulk frames state no `pbc`",) if count else ()
