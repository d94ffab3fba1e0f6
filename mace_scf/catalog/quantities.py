"""Every quantity of the field: labels of the two maps of ``heads``, then keys of the models' output."""

from __future__ import annotations

from .outputs import OUTPUTS
from .quantity import Container, Quantity


def _label(
    name: str,
    container: Container,
    safe_key: str,
    unit: str,
    shape: str,
    doc: str,
    *,
    unmapped: float | None,
    sign: str = "",
    batch: str = "",
    batch_weight: str = "",
    unproduced: str = "",
) -> Quantity:
    """A label; ``unmapped`` is its weight when ``heads`` does not name it, ``None`` if it has none."""
    weighted = unmapped is not None
    return Quantity(
        name=name,
        doc=doc,
        unit=unit,
        shape=shape,
        per="frame" if container == "info_keys" else "atom",
        sign=sign,
        container=container,
        safe_key=safe_key,
        weight=f"config_{name}_weight" if weighted else None,
        unmapped=(0.0, unmapped),
        absent=(0.0, 0.0 if weighted else None),
        batch=batch,
        batch_weight=batch_weight or (f"{batch or name}_weight" if weighted else ""),
        unproduced=unproduced,
    )


_ENERGIES = (
    _label(
        "energy",
        "info_keys",
        "REF_energy",
        "eV",
        "[G]",
        "Total energy of the frame, the energies of its isolated atoms included.",
        unmapped=0.0,
    ),
    _label(
        "forces",
        "arrays_keys",
        "REF_forces",
        "eV/Å",
        "[N,3]",
        "Force on each atom.",
        sign="minus the derivative of the energy by position",
        unmapped=0.0,
    ),
    _label(
        "stress",
        "info_keys",
        "REF_stress",
        "eV/Å³",
        "[G,3,3]",
        "Stress of a periodic frame; a file holds 6 Voigt numbers (xx yy zz yz xz xy), 9, or a 3×3 matrix.",
        sign="derivative of the energy by strain over volume: tension is positive",
        unmapped=0.0,
    ),
    _label(
        "virials",
        "info_keys",
        "REF_virials",
        "eV",
        "[G,3,3]",
        "Virial of a periodic frame. No loss term reads it.",
        sign="minus the derivative of the energy by strain",
        unmapped=1.0,
    ),
)

_CHARGES = (
    _label(
        "total_charge",
        "info_keys",
        "total_charge",
        "e",
        "[G]",
        "Net charge of the frame. Its mapping is mandatory; a frame without the key counts as neutral.",
        unmapped=None,
    ),
    _label(
        "atomic_multipoles",
        "arrays_keys",
        "REF_multipoles",
        "e, e·Å",
        "[N,M]",
        "Charges, and for order 1 dipoles, of the atoms: (max_l + 1)² columns; surplus columns are cut.",
        sign="columns Q, d_y, d_z, d_x; the Cartesian dipole of an atom is columns 3, 1, 2 counted from 0",
        unmapped=1.0,
        batch="density_coefficients",
    ),
    _label(
        "charges",
        "arrays_keys",
        "formal_charges",
        "e",
        "[N]",
        "Formal charges of the atoms: an input of models that start from them, never fitted.",
        unmapped=1.0,
    ),
    _label(
        "dipole",
        "info_keys",
        "REF_dipole",
        "e·Å",
        "[G,3]",
        "Total dipole of the frame. Beside it a frame must carry three weights, one per axis.",
        sign="Cartesian x, y, z, unlike the columns of the atomic multipoles",
        unmapped=1.0,
    ),
    _label(
        "polarizability",
        "info_keys",
        "REF_polarizability",
        "e·Å²/V",
        "[G,3,3]",
        "Response of the dipole to a field; a file holds 9 numbers or a 3×3 matrix, never 6 numbers.",
        sign="derivative of the dipole by the field",
        unmapped=0.0,
    ),
)

_POTENTIALS = (
    _label(
        "fermi_level",
        "info_keys",
        "REF_fermi_level",
        "V",
        "[G]",
        "Fermi level, with the same zero as the potential. Upstream's Fermi terms ignore its weight.",
        unmapped=1.0,
    ),
    _label(
        "external_field",
        "info_keys",
        "external_field",
        "V/Å",
        "[G,3]",
        "Uniform external field on the frame: an input, handed back unchanged by the models.",
        sign="gradient of the potential: minus the physical field",
        unmapped=None,
    ),
    _label(
        "electrostatic_potentials",
        "arrays_keys",
        "REF_electrostatic_potentials",
        "V",
        "[N,1]",
        "Potential at each atom. The trainer reads no value of it, only its weight, for `esps`.",
        unmapped=1.0,
        unproduced="no model returns a key of this name; the predicted potentials are `esps`",
    ),
    _label(
        "rho_fftn",
        "info_keys",
        "REF_rho_fftn",
        "e",
        "[G,K,2]",
        "Charge density on the reciprocal grid; a file holds real and imaginary parts, [2, n1, n2, n3].",
        unmapped=None,
        unproduced="a model returns it only when built with `rho_fftn_mode`, which no option reaches",
    ),
)

_STRUCTURE = (
    _label(
        "molID",
        "arrays_keys",
        "molID",
        "",
        "[N]",
        "Molecule that each atom belongs to: any integers, in any order.",
        unmapped=0.0,
        batch="cluster_batch",
        batch_weight="cluster_loss_weight",
    ),
    _label(
        "enegs",
        "arrays_keys",
        "enegs",
        "V",
        "[N]",
        "Electronegativities: start values of MACEQEq with `read_enegs`; as output, the ones it used.",
        unmapped=None,
    ),
    _label(
        "hardness",
        "arrays_keys",
        "hardness",
        "V/e",
        "[N]",
        "Chemical hardness: start values of MACEQEq with `read_hardness`; as output, the ones it used.",
        unmapped=None,
    ),
    _label(
        "elec_temp",
        "info_keys",
        "elec_temp",
        "",
        "[G]",
        "Electronic temperature of the frame: carried along, read by no model of the catalog.",
        unmapped=None,
    ),
    _label(
        "total_spin",
        "info_keys",
        "total_spin",
        "",
        "[G]",
        "Spin of the frame, like a multiplicity. The upstream trainer takes the mapping and drops the value.",
        unmapped=None,
    ),
    _label(
        "head",
        "info_keys",
        "head",
        "",
        "[G]",
        "Name of the head of a frame. There is one head only, and the trainer overwrites the entry.",
        unmapped=None,
    ),
)

QUANTITIES: tuple[Quantity, ...] = (*_ENERGIES, *_CHARGES, *_POTENTIALS, *_STRUCTURE, *OUTPUTS)
