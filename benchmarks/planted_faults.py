"""Faults planted into one generated frame: one function for every check that must find it."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.dataset_generators import GeneratedFrame, dipole_of

Plant = Callable[[GeneratedFrame], None]


def wrong_charges(frame: GeneratedFrame) -> None:
    """One atomic charge is off by half an electron."""
    frame.multipoles[0][0] += 0.5


def cartesian_multipoles(frame: GeneratedFrame) -> None:
    """Atomic dipoles as [x, y, z] instead of [y, z, x]."""
    for row in frame.multipoles:
        row[1:] = [row[3], row[1], row[2]]


def debye_dipole(frame: GeneratedFrame) -> None:
    """The dipole in debye."""
    numbers = [float(word) * 4.80320 for word in frame.info["REF_dipole"].strip('"').split()]
    frame.info["REF_dipole"] = '"' + " ".join(map(repr, numbers)) + '"'


def drifting_forces(frame: GeneratedFrame) -> None:
    """A net force."""
    for row in frame.forces:
        row[0] += 0.05


def huge_force(frame: GeneratedFrame) -> None:
    """A collision: two forces of 300 eV/Å that cancel."""
    frame.forces[0][0] += 300.0
    frame.forces[1][0] -= 300.0


def molecular_stress(frame: GeneratedFrame) -> None:
    """A stress on an isolated frame."""
    frame.info["REF_stress"] = '"0.1 0 0 0 0.1 0 0 0 0.1"'
    frame.info["pbc"] = '"F F F"'


def unmasked_dipole(frame: GeneratedFrame) -> None:
    """A dipole on a periodic frame with full weight."""
    frame.info["REF_dipole"] = '"1.0 0.0 0.0"'
    frame.info["config_dipole_weight"] = '"1.0 1.0 1.0"'
    frame.info["pbc"] = '"T T T"'


def odd_spin(frame: GeneratedFrame) -> None:
    """A multiplicity that the number of electrons forbids."""
    frame.info["total_spin"] = str(int(frame.info["total_spin"]) + 1)


def fractional_charge(frame: GeneratedFrame) -> None:
    """A quarter of an electron too much, in the total and on an atom."""
    frame.info["total_charge"] = repr(float(frame.info["total_charge"]) + 0.25)
    frame.multipoles[0][0] += 0.25


def skewed_stress(frame: GeneratedFrame) -> None:
    """A stress that is not symmetric."""
    numbers = frame.info["REF_stress"].strip('"').split()
    frame.info["REF_stress"] = (
        '"' + " ".join([numbers[0], repr(float(numbers[1]) + 0.02), *numbers[2:]]) + '"'
    )


def with_fields(frames: list[GeneratedFrame]) -> None:
    """Isolated frames in a field."""
    for frame in frames:
        if frame.info["pbc"] == '"F F F"':
            frame.info["field"] = '"0 0 0.1"'


def field_in_other_unit(frame: GeneratedFrame) -> None:
    """A field in atomic units times a thousand."""
    frame.info["field"] = '"0 0 51.4"'


def as_slabs(frames: list[GeneratedFrame]) -> None:
    """Bulk frames become neutral slabs with the dipole of their multipoles along the vacuum."""
    for frame in frames:
        if frame.info["pbc"] == '"T T T"':
            frame.multipoles[0][0] -= float(frame.info["total_charge"])
            frame.info["total_charge"] = "0"
            frame.info["REF_dipole"] = f'"0 0 {dipole_of(frame)[2]!r}"'
            frame.info["config_dipole_weight"] = '"0 0 1"'
            frame.info["pbc"] = '"T T F"'


def with_formal_charges(frames: list[GeneratedFrame]) -> None:
    """Total charges are those of the formal charges by element."""
    for frame in frames:
        frame.info["total_charge"] = str(sum(FORMAL[symbol] for symbol in frame.symbols))


def wrapped_atom(frame: GeneratedFrame) -> None:
    """One charged atom on the other side of a slab's cell."""
    furthest = max(range(len(frame.symbols)), key=lambda atom: abs(frame.multipoles[atom][0]))
    frame.positions[furthest][2] += 40.0


def wrong_total_charge(frame: GeneratedFrame) -> None:
    """One electron less in the total than formal charges have."""
    frame.info["total_charge"] = str(int(frame.info["total_charge"]) + 1)


FORMAL = {"H": 1, "C": 0, "N": -3, "O": -2, "S": -2}

# The check that finds it, the frames it can be planted in, and the fault.
FAULTS: tuple[tuple[str, str, Plant], ...] = (
    ("charge-sum", "any", wrong_charges),
    ("dipole-identity", "isolated", cartesian_multipoles),
    ("dipole-identity", "isolated", debye_dipole),
    ("net-force", "any", drifting_forces),
    ("force-outliers", "any", huge_force),
    ("stress-without-volume", "isolated", molecular_stress),
    ("stress-form", "bulk", skewed_stress),
    ("periodic-dipole", "bulk", unmasked_dipole),
    ("charge-parity", "isolated", odd_spin),
    ("integer-charge", "isolated", fractional_charge),
)
