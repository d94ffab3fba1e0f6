"""The typed inputs of a loss: references with their weights, and predictions, with shapes and units."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs
from torch import Tensor

if TYPE_CHECKING:
    from .molecules import MoleculeIndex

Shape = tuple[int | None, ...]


class Level(enum.Enum):
    """What the leading axis of a tensor counts."""

    FRAME = "frames"
    ATOM = "atoms"
    MOLECULE = "molecules"


@attrs.frozen
class Layout:
    """Level, trailing axes (``None`` is any length) and unit of one tensor."""

    level: Level
    trailing: Shape
    unit: str

    def admits(self, shape: tuple[int, ...], leading: int) -> bool:
        """Whether a tensor of that shape fits, a trailing axis of length 1 being optional."""
        if len(shape) == 1 and self.trailing in ((1,), (None,)):
            return shape[0] == leading
        if len(shape) != 1 + len(self.trailing) or shape[0] != leading:
            return False
        return all(want is None or want == have for want, have in zip(self.trailing, shape[1:], strict=True))

    def shown(self, leading: int) -> str:
        """The expected shape in words: ``(24, 3) [eV/Å]``."""
        axes = ", ".join("any" if axis is None else f"{axis}" for axis in (leading, *self.trailing))
        return f"({axes}) [{self.unit}]"


_FRAME, _ATOM = Level.FRAME, Level.ATOM

PREDICTIONS: dict[str, Layout] = {
    "energy": Layout(_FRAME, (), "eV"),
    "interaction_energy": Layout(_FRAME, (), "eV"),
    "forces": Layout(_ATOM, (3,), "eV/Å"),
    "stress": Layout(_FRAME, (3, 3), "eV/Å³"),
    "density_coefficients": Layout(_ATOM, (None,), "e, e·Å"),
    "dipole": Layout(_FRAME, (3,), "e·Å"),
    "polarizability": Layout(_FRAME, (3, 3), "e·Å²/V"),
    "fermi_level": Layout(_FRAME, (), "V"),
    "esps": Layout(_ATOM, (1,), "V"),
    "esps_dft": Layout(_ATOM, (1,), "V"),
    "feats_no_mu_model": Layout(_ATOM, (None,), "V"),
    "feats_no_mu_dft": Layout(_ATOM, (None,), "V"),
    "dq_dmu": Layout(_FRAME, (), "e/V"),
    "charges_history": Layout(_ATOM, (None, None), "e, e·Å"),
    "perturbing_vector": Layout(_ATOM, (None,), "e, e·Å"),
    "perturbed_density": Layout(_ATOM, (None,), "e, e·Å"),
    "rho_fftn": Layout(_FRAME, (None, 2), "e"),
    "rho_fftn_dft": Layout(_FRAME, (None, 2), "e"),
    "k_vectors_normed_squared": Layout(_FRAME, (None,), "1/Å²"),
    "k_vectors_mask": Layout(_FRAME, (None,), "bool"),
    "loss_weight_modifier": Layout(_FRAME, (), "1"),
}
"""Layout of every prediction key that a shipped term or the engine reads."""

LABELS: dict[str, Layout] = {
    "energy": Layout(_FRAME, (), "eV"),
    "forces": Layout(_ATOM, (3,), "eV/Å"),
    "stress": Layout(_FRAME, (3, 3), "eV/Å³"),
    "dipole": Layout(_FRAME, (3,), "e·Å"),
    "polarizability": Layout(_FRAME, (3, 3), "e·Å²/V"),
    "atomic_multipoles": Layout(_ATOM, (None,), "e, e·Å"),
    "fermi_level": Layout(_FRAME, (), "V"),
    "total_charge": Layout(_FRAME, (), "e"),
    "electrostatic_potentials": Layout(_ATOM, (1,), "V"),
    "molecule": Layout(_ATOM, (), "integer"),
    "rho_fftn": Layout(_FRAME, (None, 2), "e"),
}
"""Layout of every reference quantity; a quantity's weight is one number per frame (dipole: three)."""

BATCH_NAMES: dict[str, tuple[str, str]] = {
    "atomic_multipoles": ("density_coefficients", "density_coefficients_weight"),
    "molecule": ("cluster_batch", "cluster_loss_weight"),
}
"""Quantities whose attribute in a collated batch has another name than the quantity."""


def _fields(value: Any) -> tuple[Any, ...]:
    """How a typed batch is copied and sent to other processes, which a read-only mapping is not."""
    held = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
    plain = {name: dict(each) if isinstance(each, MappingProxyType) else each for name, each in held.items()}
    return _made, (type(value), plain)


def _made(kind: Any, fields: dict[str, Any]) -> Any:
    return kind(**fields)


# A shared empty mapping instead of a factory: compilers follow it.
_NOTHING: Mapping[str, Tensor] = MappingProxyType({})


@attrs.define(kw_only=True, eq=False)
class References:
    """What the data set says about one batch of G frames and N atoms, atoms sorted by frame.

    A value may hold NaN where it was not computed. A quantity without a weight is present unless
    NaN; with a weight it is present where the weight is positive and the value finite. A quantity
    left at ``None`` is labelled nowhere in this batch.

    Attributes:
        ptr: first atom of each frame and the total at the end, (G+1,), integers.
        frame_of_atom: (N,), integers; made from ``ptr`` if not given.
        weight: config weight times config-type weight, (G,); 1 if not given.
        positions: Å, (N, 3); needed by the cluster virials.
        cell: Å, rows are the lattice vectors, (G, 3, 3).
        pbc: (G, 3), booleans; a batch without it has no periodic axis.
        energy: total energy with isolated-atom energies, eV, (G,).
        energy_baseline: sum of isolated-atom energies, eV, (G,), float64; subtracted from label and
            prediction in float64, before anything can round them.
        forces: eV/Å, (N, 3).
        stress: eV/Å³, (G, 3, 3).
        dipole: e·Å, Cartesian, (G, 3); its weight is (G, 3).
        polarizability: e·Å²/V, (G, 3, 3).
        atomic_multipoles: e and e·Å in the order q, y, z, x, (N, M or more).
        fermi_level: V, (G,).
        total_charge: e, (G,).
        electrostatic_potentials: V, (N, 1); only its weight is used.
        molecule: molecule of each atom, any integers, (N,).
        molecules: the index made from ``molecule`` in the loader; saves a sort in the step.
        rho_fftn: Fourier density, e, (G, K, 2); only its weight is used.
        extra: labels of registered terms, by name.
        extra_weights: their weights, (G,), by name.
    """

    ptr: Tensor
    frame_of_atom: Tensor | None = None
    weight: Tensor | None = None
    positions: Tensor | None = None
    cell: Tensor | None = None
    pbc: Tensor | None = None
    energy: Tensor | None = None
    energy_weight: Tensor | None = None
    energy_baseline: Tensor | None = None
    forces: Tensor | None = None
    forces_weight: Tensor | None = None
    stress: Tensor | None = None
    stress_weight: Tensor | None = None
    dipole: Tensor | None = None
    dipole_weight: Tensor | None = None
    polarizability: Tensor | None = None
    polarizability_weight: Tensor | None = None
    atomic_multipoles: Tensor | None = None
    atomic_multipoles_weight: Tensor | None = None
    fermi_level: Tensor | None = None
    fermi_level_weight: Tensor | None = None
    total_charge: Tensor | None = None
    total_charge_weight: Tensor | None = None
    electrostatic_potentials: Tensor | None = None
    electrostatic_potentials_weight: Tensor | None = None
    molecule: Tensor | None = None
    molecule_weight: Tensor | None = None
    molecules: MoleculeIndex | None = None
    rho_fftn: Tensor | None = None
    rho_fftn_weight: Tensor | None = None
    extra: Mapping[str, Tensor] = _NOTHING
    extra_weights: Mapping[str, Tensor] = _NOTHING

    def __reduce__(self) -> tuple[Any, ...]:
        return _fields(self)

    def value(self, quantity: str) -> Tensor | None:
        """The label of a quantity, ``None`` if no frame of the batch has it."""
        return getattr(self, quantity) if quantity in LABELS else self.extra.get(quantity)

    def weight_of(self, quantity: str) -> Tensor | None:
        """The property weight of a quantity, ``None`` if it has none."""
        if quantity in LABELS:
            weight: Tensor | None = getattr(self, f"{quantity}_weight")
            return weight
        return self.extra_weights.get(quantity)


@attrs.define(kw_only=True, eq=False)
class Predictions:
    """What the model says about the same batch; shapes and units as in :data:`PREDICTIONS`.

    Attributes:
        energy: eV, (G,).
        interaction_energy: part of the energy, eV, (G,); what it leaves out is the model's affair, so
            only an engine with ``whole_interaction`` reads it.
        forces: eV/Å, (N, 3).
        stress: eV/Å³, (G, 3, 3).
        density_coefficients: atomic multipoles, e and e·Å in the order q, y, z, x, (N, M).
        dipole: e·Å, (G, 3).
        polarizability: e·Å²/V, (G, 3, 3).
        fermi_level: V, (G,).
        esps: potential of the predicted density at the atoms, V, (N, 1).
        esps_dft: potential of the reference multipoles, V, (N, 1).
        extra: further keys, by name.
    """

    energy: Tensor | None = None
    interaction_energy: Tensor | None = None
    forces: Tensor | None = None
    stress: Tensor | None = None
    density_coefficients: Tensor | None = None
    dipole: Tensor | None = None
    polarizability: Tensor | None = None
    fermi_level: Tensor | None = None
    esps: Tensor | None = None
    esps_dft: Tensor | None = None
    extra: Mapping[str, Tensor] = _NOTHING

    def __reduce__(self) -> tuple[Any, ...]:
        return _fields(self)

    def as_mapping(self) -> dict[str, Tensor]:
        """The keys that hold a tensor."""
        named = {name: getattr(self, name) for name in PREDICTED_FIELDS}
        return {key: value for key, value in {**named, **self.extra}.items() if value is not None}


PREDICTED_FIELDS = tuple(field.name for field in attrs.fields(Predictions) if field.name != "extra")
