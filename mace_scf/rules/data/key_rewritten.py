"""D106: a literal key with which missing labels become zeros that count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.reach import reach
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._heads import mapped


@final
class KeyRewritten(Rule):
    """A literal key with which missing labels become zeros that count.

    What it checks: energies, forces and stresses are not mapped to the keys `energy`, `forces`, `stress`.

    Why it matters: ASE takes these away on reading, and the trainer asks for them again and stores them
    under another name, in every frame: where the file has none, as zero with weight 1. Energies of isolated
    atoms mapped so are read as 0. With complete labels in every frame nothing goes wrong.

    How to fix: rename the entries in the files to `REF_energy`, `REF_forces`, `REF_stress`, and map those.
    """

    code, slug, severity = "D106", "key-rewritten", Severity.WARNING
    after = ("D202",)

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each property mapped to its own reserved name."""
        for line in mapped(context):
            found = reach(line.container.removesuffix("_keys"), str(line.key.value))
            if line.is_read and line.is_at_home and found.rewritten and line.name == line.key.value:
                yield self.finding(
                    f"`{line.name}` is mapped to the reserved key `{line.key.value}`",
                    span=line.key.span,
                    notes=(f"{found.why}, and the trainer stores it again as `{found.rewritten}`",),
                    when=f"a frame without it counts as 0 with weight 1{_isolated(line.name)}",
                    help=f"rename it in the files to `{found.rewritten}`, and map that",
                )  # fmt: skip


def _isolated(name: str) -> str:
    return ", an isolated atom has the energy 0" if name == "energy" else ""
