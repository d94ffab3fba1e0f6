"""What must hold in every frame of the examples: each check says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ase.io
import attrs
import numpy as np
import yaml

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SPLITS = ("train", "valid")
WITH_TEST = ("implicit_scf", "qeq", "slab", "formal_charges", "mixed_boundary")
FAMILIES = ("local_split_charges", "fixed_point", "bulk_stress", *WITH_TEST)
FILES = [(name, split) for name in FAMILIES for split in (*SPLITS, *["test"] * (name in WITH_TEST))]

_MOLECULE, _SLAB, _BULK = [False] * 3, [True, True, False], [True] * 3
_ALLOWED_PBC = {
    "realspace": [_MOLECULE],
    "molecule_in_box": [_MOLECULE],
    "pbc": [_BULK],
    "slab": [_SLAB],
    "mixed_periodic": [_MOLECULE, _SLAB, _BULK],
}


@attrs.frozen
class Family:
    """An example's config as the trainer's YAML reader has it, and the keys its heads map."""

    name: str
    config: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return EXAMPLES / self.name

    @property
    def keys(self) -> dict[str, str]:
        """File key of each mapped quantity, per frame and per atom together."""
        (head,) = self.config["heads"].values()
        return {**head["info_keys"], **head["arrays_keys"]}

    def path(self, split: str) -> Path:
        return self.folder / "data" / f"{split}.xyz"

    def frames(self, split: str) -> list[Any]:
        """The frames as the trainer reads them: through ASE."""
        return [*ase.io.iread(self.path(split), index=":")]

    def value(self, frame: Any, quantity: str) -> Any:
        """The label as a float array, or None when it is not mapped or cannot be found in the frame."""
        key = self.keys.get(quantity, "")
        found = frame.info.get(key, frame.arrays.get(key))
        return None if found is None else np.asarray(found, dtype=float)


def load_family(name: str) -> Family:
    """The config that maps most: of `formal_charges`, which has two, the second."""
    folder = EXAMPLES / name
    path = folder / ("split.yaml" if name == "formal_charges" else "config.yaml")
    return Family(name, yaml.safe_load(path.read_text(encoding="utf-8")))


Check = Callable[[Family, Any], str]


def labels(family: Family, frame: Any) -> str:
    missing = [key for quantity, key in family.keys.items() if family.value(frame, quantity) is None]
    return f"missing: {missing}" if missing else ""


def finite(family: Family, frame: Any) -> str:
    values = {"positions": frame.positions} | {name: family.value(frame, name) for name in family.keys}
    broken = [name for name, value in values.items() if value is not None and not np.isfinite(value).all()]
    return f"not finite: {broken}" if broken else ""


def columns(family: Family, frame: Any) -> str:
    wanted = (family.config["atomic_multipoles_max_l"] + 1) ** 2
    shape = _multipoles(family, frame).shape
    return "" if shape == (len(frame), wanted) else f"multipoles have shape {shape}"


def charges(family: Family, frame: Any) -> str:
    excess = _multipoles(family, frame)[:, 0].sum() - _total_charge(family, frame)
    return f"charges exceed the total by {excess:.1e} e" if abs(excess) > 1e-8 else ""


def dipole(family: Family, frame: Any) -> str:
    reference = family.value(frame, "dipole")
    if reference is None:
        return ""
    multipoles = _multipoles(family, frame)
    residual = multipoles[:, 0] @ frame.positions - reference
    if multipoles.shape[1] > 1:
        residual += multipoles[:, [3, 1, 2]].sum(axis=0)
    return f"dipole off by {abs(residual).max():.1e} e·Å" if abs(residual).max() > 1e-6 else ""


def dipole_weight(family: Family, frame: Any) -> str:
    """Mandatory beside a dipole, which in turn means nothing along a periodic axis."""
    if family.value(frame, "dipole") is None:
        return ""
    weight = np.asarray(frame.info.get("config_dipole_weight", ()))
    return "" if weight.shape == (3,) and ((weight > 0) == ~frame.pbc).all() else f"dipole weight {weight}"


def net_force(family: Family, frame: Any) -> str:
    """Nothing pushes a whole frame but a field: its gradient g pulls a charge Q with −Q·g."""
    field = family.value(frame, "external_field")
    expected = -_total_charge(family, frame) * (np.zeros(3) if field is None else field)
    excess = abs(family.value(frame, "forces").sum(axis=0) - expected).max() / len(frame)
    return f"net force {excess:.1e} eV/Å/atom" if excess > 1e-6 else ""


def stress(family: Family, frame: Any) -> str:
    reference = family.value(frame, "stress")
    if reference is None:
        return ""
    if reference.size != 9 or not frame.pbc.all():
        return f"stress of {reference.size} numbers, pbc {frame.pbc}"
    asymmetry = abs(reference.reshape(3, 3) - reference.reshape(3, 3).T).max()
    return f"stress asymmetric by {asymmetry:.1e} eV/Å³" if asymmetry > 1e-8 else ""


def boundary(family: Family, frame: Any) -> str:
    """Flags as the method wants them, a right-handed cell, and room where it is not periodic."""
    method = family.config["electrostatic_pbc_method"]
    if list(frame.pbc) not in _ALLOWED_PBC[method]:
        return f"pbc {frame.pbc} with {method}"
    if np.linalg.det(frame.cell) <= 0:
        return "left-handed cell"
    return {0: _box, 2: _vacuum, 3: _density}[int(frame.pbc.sum())](frame)


def _box(frame: Any) -> str:
    lengths = frame.cell.lengths()
    return "" if ((lengths >= 30) & (lengths <= 40)).all() else f"box {lengths}"


def _vacuum(frame: Any) -> str:
    """Along z alone, all atoms between the ends of the cell, and more empty than full."""
    inside = (frame.positions[:, 2] > 0) & (frame.positions[:, 2] < frame.cell[2, 2])
    along_z = not frame.cell[2, :2].any() and not frame.cell[:2, 2].any()
    empty = frame.cell[2, 2] - np.ptp(frame.positions[:, 2])
    return "" if along_z and inside.all() and empty > 25 else f"vacuum {empty:.1f} Å in {frame.cell[:]}"


def _density(frame: Any) -> str:
    volume = frame.get_volume() / len(frame)
    return "" if volume < 100 else f"{volume:.1f} Å³ per atom"


def electron_count(family: Family, frame: Any) -> str:
    """Closed shells: an integer charge and an even number of electrons."""
    electrons = frame.numbers.sum() - _total_charge(family, frame)
    return "" if electrons % 2 == 0 else f"{electrons} electrons"


def formal_charges(family: Family, frame: Any) -> str:
    """By element or from the column, whole numbers that add up to the total charge."""
    by_element = family.config.get("atomic_formal_charges")
    if by_element is not None and {*by_element} != {*family.config["E0s"]}:
        return f"formal charges for {[*by_element]}"
    if by_element is not None:
        charges = np.array([by_element[number] for number in frame.numbers])
    elif family.config.get("formal_charges_from_data"):
        charges = family.value(frame, "charges")
    else:
        return ""
    excess = charges.sum() - _total_charge(family, frame)
    whole = (charges == charges.round()).all()
    return "" if whole and not excess else f"formal charges {charges} exceed the total by {excess} e"


def energy(family: Family, frame: Any) -> str:
    """Bound, and by no more than bonds can explain: catches other units and other free-atom energies."""
    atoms = sum(family.config["E0s"][number] for number in frame.numbers)
    binding = (family.value(frame, "energy") - atoms) / len(frame)
    return "" if -10 < binding < 0 else f"{binding:.1f} eV/atom against free atoms"


def fermi_level(family: Family, frame: Any) -> str:
    level = family.value(frame, "fermi_level")
    return "" if level is None or (level.shape == () and -20 < level < 10 and level) else f"level {level} V"


def molecules(family: Family, frame: Any) -> str:
    """Each molecule holds exactly one heavy atom."""
    ids = family.value(frame, "molID")
    if ids is None:
        return ""
    heavy = sorted(ids[frame.numbers > 1])
    return "" if heavy == sorted({*ids}) else f"molecules {ids}"


def config_type(_: Family, frame: Any) -> str:
    return "" if frame.info.get("config_type", "Default") != "Default" else "no config_type"


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        labels,
        finite,
        columns,
        charges,
        dipole,
        dipole_weight,
        net_force,
        stress,
        boundary,
        electron_count,
        formal_charges,
        energy,
        fermi_level,
        molecules,
        config_type,
    )
}


def _multipoles(family: Family, frame: Any) -> Any:
    return family.value(frame, "atomic_multipoles").reshape(len(frame), -1)


def _total_charge(family: Family, frame: Any) -> float:
    return float(family.value(frame, "total_charge"))
