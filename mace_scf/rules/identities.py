"""What sound labels obey, tested on the frames of a split: asked for with ``--values`` only."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING

import attrs

from ..config import Head, RunConfig

if TYPE_CHECKING:
    from ..dataset.calculations import Calculation
    from ..dataset.evidence import Evidence, Labels

MOST_FRAMES = 2000  # held in memory together
_STRETCHES = 20  # neighbours often belong together: the same atoms, moved or calculated again


def is_testable() -> bool:
    """Identities are sums over arrays: they need numpy."""
    return importlib.util.find_spec("numpy") is not None


@attrs.frozen(eq=False)
class Look:
    """What the frames of a file say, number by number.

    Attributes:
        evidence: of every identity.
        calculations: one for each frame with positions.
        complete: no frame was left out.
    """

    evidence: tuple[Evidence, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    complete: bool = True


def look_at(path: str, frames: int, head: Head, run: RunConfig) -> Look:
    """The frames of a file that has so many; of more than MOST_FRAMES, stretches spread over all of it."""
    from ..dataset.calculations import calculation_of
    from ..dataset.frames import read_frames, stretches
    from ..dataset.physics import check_all

    labels = labels_of(head, run)
    kept = list(read_frames(path, stretches(frames, MOST_FRAMES, _STRETCHES)))
    found = (calculation_of(frame, labels) for frame in kept)
    calculations = tuple(calculation for calculation in found if calculation is not None)
    return Look(check_all(kept, labels), calculations, frames <= MOST_FRAMES)


def labels_of(head: Head, run: RunConfig) -> Labels:
    """The file keys of the labels that identities speak of, and the formal charges of a run that has them."""
    from ..dataset.evidence import Labels

    def key(quantity: str, container: str) -> str | None:
        setting = head.key_of(quantity, container)
        return str(setting.value) if setting is not None and setting.known else None

    from_data = run.option("formal_charges_from_data")
    return Labels(
        energy=key("energy", "info_keys"),
        fermi_level=key("fermi_level", "info_keys"),
        electronic_temperature=key("elec_temp", "info_keys"),
        forces=key("forces", "arrays_keys"),
        stress=key("stress", "info_keys"),
        dipole=key("dipole", "info_keys"),
        multipoles=key("atomic_multipoles", "arrays_keys"),
        total_charge=key("total_charge", "info_keys"),
        spin=key("total_spin", "info_keys"),
        external_field=key("external_field", "info_keys"),
        formal_charges=key("charges", "arrays_keys") if from_data.is_known(True) else None,
        formal_by_element=_by_element(run) if from_data.is_known(False) else {},
    )


def _by_element(run: RunConfig) -> dict[int, float]:
    """Formal charges by atomic number; none unless all of them can be read as such."""
    setting = run.option("atomic_formal_charges")
    value = setting.value if setting.known else None
    if not isinstance(value, dict) or not all(type(number) is int for number in value):
        return {}
    if not all(type(charge) in (int, float) and math.isfinite(charge) for charge in value.values()):
        return {}
    return {number: float(charge) for number, charge in value.items()}


def summary(name: str, found: tuple[Evidence, ...]) -> str:
    """One line for the report: what holds, on how many frames, and what could not be tested."""
    words = {"holds": "holds", "violated": "violated"}
    tested = [
        f"{evidence.name} {words[evidence.status]} ({evidence.tested - evidence.violations} of {evidence.tested})"
        for evidence in found
        if evidence.status in words
    ]
    untested = [f"{evidence.name} ({evidence.reason})" for evidence in found if evidence.status not in words]
    rest = f"; not testable: {', '.join(untested)}" if untested else ""
    return f"identities of the {name} labels: {', '.join(tested) or 'none'}{rest}"
