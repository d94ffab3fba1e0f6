"""Keys of the models' output that are no labels: densities, potentials, histories, parts of the energy."""

from __future__ import annotations

from .quantity import Quantity

_NO_MODEL = "no model of any version read returns it"
_NO_FOURIER_OPTION = "a model returns it only when built with `rho_fftn_mode`, which no option reaches"


def _output(name: str, unit: str, shape: str, doc: str, unproduced: str = "") -> Quantity:
    return Quantity(
        name=name,
        doc=doc,
        unit=unit,
        shape=shape,
        per="atom" if shape.startswith("[N") else "frame",
        unmapped=(0.0, None),
        absent=(0.0, None),
        unproduced=unproduced,
    )


_DENSITIES = (
    _output(
        "density_coefficients",
        "e, e·Å",
        "[N,M]",
        "Predicted multipoles of the atoms, in the column order of `atomic_multipoles`.",
    ),
    _output(
        "field_independent_charge_density",
        "e, e·Å",
        "[N,M]",
        "The part of the multipoles that FixedPoint predicts before any field acts.",
    ),
    _output(
        "charges_history",
        "e, e·Å",
        "[N,M,T]",
        "Multipoles of the self-consistency iterations, the newest last; cut from the graph.",
    ),
    _output("rho_fftn_dft", "e", "[G,K,2]", "Reference density on the k vectors.", _NO_FOURIER_OPTION),
    _output("perturbing_vector", "e, e·Å", "[N,M]", "Perturbation put into one iteration.", _NO_MODEL),
    _output("perturbed_density", "e, e·Å", "[N,M]", "The same after one iteration.", _NO_MODEL),
)

_POTENTIALS = (
    _output("esps", "V", "[N,1]", "Potential at each atom of the predicted multipoles."),
    _output(
        "esps_dft",
        "V",
        "[N,1]",
        "Potential at each atom that the model computes from the reference multipoles.",
    ),
    _output("electrostatic_features", "", "[N,F]", "Potential features of the last iteration."),
    _output("feats_no_mu_model", "", "[N,F]", "Potential features of the predicted multipoles.", _NO_MODEL),
    _output("feats_no_mu_dft", "", "[N,F]", "Potential features of the reference multipoles.", _NO_MODEL),
    _output("dq_dmu", "e/V", "[G]", "Change of the total charge with the Fermi level.", _NO_MODEL),
)

_RECIPROCAL = (
    _output(
        "k_vectors_normed_squared", "1/Å²", "[G,K]", "Squared length of the k vectors.", _NO_FOURIER_OPTION
    ),
    _output("k_vectors_mask", "", "[G,K]", "Which k vectors are real and no padding.", _NO_FOURIER_OPTION),
    _output("k_vectors_grid_shape", "", "[3]", "Grid that the k vectors span.", _NO_FOURIER_OPTION),
)

_ENERGIES = (
    _output("node_energy", "eV", "[N]", "Energy per atom, without Coulomb and field parts."),
    _output("interaction_energy", "eV", "[G]", "Energy without that of the isolated atoms."),
    _output("contributions", "eV", "[G,L+1]", "Energy of each layer, the isolated atoms first."),
    _output("electrostatic_energy", "eV", "[G]", "Coulomb part of the energy."),
    _output("electron_energy", "eV", "[G]", "Part of the energy that depends on the density locally."),
    _output("qeq_energy", "eV", "[G]", "Energy of the equilibrated charges."),
)

_OTHERS = (
    _output(
        "displacement", "", "[G,3,3]", "Tensor of zeros; the stress is the derivative of the energy by it."
    ),
    _output("node_feats", "", "[N,F]", "Learned features of the atoms."),
    _output(
        "loss_weight_modifier",
        "",
        "[G]",
        "Factor on the config weight of each frame, if a model returns it.",
        _NO_MODEL,
    ),
)

OUTPUTS: tuple[Quantity, ...] = (*_DENSITIES, *_POTENTIALS, *_RECIPROCAL, *_ENERGIES, *_OTHERS)
