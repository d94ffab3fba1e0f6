"""D105: a file key that is gone before the trainer looks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.reach import Reach, reach
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._candidates import renamed
from ._heads import Mapped, mapped, may_be_input, read_by_terms


@final
class KeyMovedByAse(Rule):
    """A file key that is gone before the trainer looks for it.

    What it checks: no property is mapped to a name that ASE takes out of a frame when it reads the file: in
    `info_keys` dipole, magmom, free_energy, polarization, dielectric_tensor, and energy or stress for another
    property; in `arrays_keys` charges, magmoms, energies, stresses and the like.

    Why it matters: the label is found in no frame, though every frame of the file has it. It counts as
    missing: its term vanishes or is fitted to zeros, and its weights are never asked for. Nothing complains.

    How to fix: rename the entry in the files, to `REF_dipole` for instance, and map that name.
    """

    code, slug, severity = "D105", "key-moved-by-ase", Severity.ERROR

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each such key: an error if something would read the label."""
        wanted = read_by_terms(context) | may_be_input(context)
        for line in mapped(context):
            found = reach(line.container.removesuffix("_keys"), str(line.key.value))
            if line.is_read and line.is_at_home and not found.reachable and not _rescued(line, found):
                yield self._moved(context, line, found, used=line.name in wanted)

    def _moved(self, context: Context, line: Mapped, found: Reach, *, used: bool) -> Diagnostic:
        assert line.quantity is not None
        safe = line.quantity.safe_key
        return self.finding(
            f"`{line.name}` is mapped to `{line.key.value}`, which is gone after reading",
            span=line.key.span,
            severity=Severity.ERROR if used else Severity.WARNING,
            notes=(f"`{line.key.value}`: {found.why}",),
            when=f"`{line.name}` is found in no frame, whatever the files hold; nobody complains",
            help=f"rename the entry in the files, for instance to `{safe}`, and map that",
            fix=renamed(context, line),
        )  # fmt: skip


def _rescued(line: Mapped, found: Reach) -> bool:
    """The trainer asks ASE again for these, under their own names only."""
    return bool(found.rewritten) and line.name == line.key.value
