"""D206: frames whose periodicity the boundary method refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...config import Setting
from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split
from ..helpers import replacement
from ..rule import Context, Rule
from ._labels import counted, option_place

_METHOD, _OVERRIDE = "electrostatic_pbc_method", "override_pbc_checks"


@final
class PbcAgainstMethod(Rule):
    """Frames whose periodicity the boundary method refuses.

    What it checks: the `pbc` flags of every frame of every file against `electrostatic_pbc_method`. A frame
    with a `Lattice` and no `pbc` is periodic in all directions; one without either in none.

    Why it matters: the trainer stops while it loads the data, for every model, and names the first bad frame
    only. Slabs must have their vacuum along the third axis.

    How to fix: choose the method that suits all frames (`mixed_periodic` takes TTT, TTF and FFF), or correct
    `pbc` in the files; `override_pbc_checks` trains in spite of it. A slab with its vacuum along another axis
    is not mended by other flags: turn its cell, positions, forces, dipoles and dipole weights.
    """

    code, slug, severity = "D206", "pbc-against-method", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding that counts every kind of refused frame."""
        setting = context.run.option(_METHOD)
        if not context.data.splits or not setting.known or not context.run.option(_OVERRIDE).is_known(False):
            return
        allowed = {method.name: method.allowed for method in context.trainer.boundary_methods}
        if setting.value in allowed:
            bad = _refused(context, allowed[setting.value])
            if bad:
                yield self._refuses(context, setting, bad, allowed)

    def _refuses(
        self, context: Context, setting: Setting[str], bad: list[tuple[Split, dict[str, int]]],
        allowed: dict[str, tuple[str, ...]],
    ) -> Diagnostic:  # fmt: skip
        total = sum(sum(classes.values()) for _, classes in bad)
        place = option_place(bad[0][0], setting)
        others = _suiting(context, allowed)
        return self.finding(
            f"`{_METHOD}: {setting.value}` refuses {counted(total, 'frame')}", span=place.span,
            labels=bad[0][0].setting.label("read from here") if place is setting else (),
            notes=(
                f"it takes pbc {', '.join(allowed[str(setting.value)])}",
                *(f"{split.name}: {_shown(classes)}{_first(split, classes)}" for split, classes in bad),
            ),
            when="the trainer stops when it loads the data",
            help=_help(bad, allowed[str(setting.value)], others),
            fix=replacement(context, setting, others[0], safe=False) if others and setting.given else None,
        )  # fmt: skip


def _help(bad: list[tuple[Split, dict[str, int]]], allowed: tuple[str, ...], others: list[str]) -> str:
    if others:
        return f"`{others[0]}` takes all frames; or correct `pbc` in the files"
    turned = {flags: _turned(flags, allowed) for _, classes in bad for flags in classes}
    if turns := [f"{flags} to {goal}" for flags, goal in turned.items() if goal]:
        return (
            f"turn {', '.join(turns)}: cell, positions, forces, dipoles and their weights; "
            "other flags alone train another system"
        )
    return "correct `pbc` in the files, or set `override_pbc_checks`"


def _turned(flags: str, allowed: tuple[str, ...]) -> str:
    """The allowed flags that the same frame has with its axes exchanged."""
    return next((goal for goal in allowed if sorted(goal) == sorted(flags)), "")


def _refused(context: Context, allowed: tuple[str, ...]) -> list[tuple[Split, dict[str, int]]]:
    from ...dataset.answers import frame_classes

    bad = []
    for split in context.data.splits:
        classes = frame_classes(split.profile, "pbc")
        refused = {
            flags: count for flags, count in classes.items() if flags not in allowed and "?" not in flags
        }
        if refused:
            bad.append((split, refused))
    return bad


def _suiting(context: Context, allowed: dict[str, tuple[str, ...]]) -> list[str]:
    """Checked methods that take every frame."""
    return [name for name, flags in allowed.items() if not _refused(context, flags) and len(flags) < 8]


def _first(split: Split, classes: dict[str, int]) -> str:
    """The first refused frame; nothing for a card by hand."""
    first = min(
        seen.first
        for item, seen in split.profile.items.items()
        if (item.location, item.key) == ("frame", "pbc") and item.detail in classes
    )
    return f"; the first is {first.shown}" if first.frame >= 0 else ""


def _shown(classes: dict[str, int]) -> str:
    return ", ".join(f"{count} × {flags}" for flags, count in classes.items())
