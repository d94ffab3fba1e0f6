"""Which entries and columns of a file the trainer's loader can still find after ASE has read it."""

from __future__ import annotations

import attrs

# Names that ASE 3.23 and later takes out of `info` and `arrays` and puts into a calculator.
MOVED_INFO = ("energy", "free_energy", "stress", "dipole", "magmom", "polarization", "dielectric_tensor")
MOVED_COLUMNS = (
    "energies", "forces", "stresses", "charges", "magmoms", "born_effective_charges", *MOVED_INFO,
)  # fmt: skip
# The trainer asks the calculator for these three again, when the mapping names them literally.
REWRITTEN = {
    ("info", "energy"): "REF_energy",
    ("arrays", "forces"): "REF_forces",
    ("info", "stress"): "REF_stress",
}
_RENAMED = {"pos": "positions", "Z": "numbers", "charge": "charges", "species": "symbols"}
_STRUCTURE_COLUMNS = frozenset({"positions", "numbers", "symbols", "initial_charges"})
STRUCTURE_INFO = frozenset({"Lattice", "Properties", "pbc"})


@attrs.frozen
class Reach:
    """What becomes of a name of the file.

    Attributes:
        reachable: the loader finds it under ``name`` in ``info`` or ``arrays``.
        name: the name it has after reading.
        why: one phrase if it is not reachable, or not under the same name.
        rewritten: name under which the trainer stores it when the mapping says the literal key;
            then every frame has it, with weight 1 and zeros where the file has nothing.
    """

    reachable: bool
    name: str
    why: str = ""
    rewritten: str = ""


def reach(location: str, key: str) -> Reach:
    """What the loader can find of ``key``.

    Args:
        location: ``info`` for the comment line, ``arrays`` for columns.
        key: as written in the file.

    >>> reach("info", "dipole").reachable, reach("info", "REF_dipole").reachable
    (False, True)
    """
    if location == "info":
        return _reach_info(key)
    name = _RENAMED.get(key, key)
    if name in _STRUCTURE_COLUMNS:
        return Reach(False, name, "ASE makes it part of the structure")
    if key == "move_mask":
        return Reach(False, name, "ASE turns it into a constraint")
    if name in MOVED_COLUMNS:
        return _moved(location, key, name)
    return Reach(True, name)


def _reach_info(key: str) -> Reach:
    if key in STRUCTURE_INFO:
        return Reach(False, key, "ASE makes it part of the structure")
    return _moved("info", key, key) if key in MOVED_INFO else Reach(True, key)


def _moved(location: str, key: str, name: str) -> Reach:
    renamed = f" (as `{name}`)" if name != key else ""
    rewritten = REWRITTEN.get((location, key), "")
    return Reach(False, name, f"ASE moves it into a calculator{renamed}", rewritten)
