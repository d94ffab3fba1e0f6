"""Names that other trainers and older files use for a key of this one, by the block that has the key."""

from __future__ import annotations

from collections.abc import Mapping

RUN: Mapping[str, str] = {
    "batchsize": "batch_size",
    "bs": "batch_size",
    "cutoff": "r_max",
    "r_cut": "r_max",
    "rcut": "r_max",
    "cutoff_radius": "r_max",
    "dtype": "default_dtype",
    "precision": "default_dtype",
    "model_type": "model",
    "architecture": "model",
    "experiment_name": "name",
    "run_name": "name",
    "random_seed": "seed",
    "schedule": "train_schedule",
    "stages": "train_schedule",
    "training_schedule": "train_schedule",
    "restart": "restart_latest",
    "resume": "restart_latest",
    "pbc": "electrostatic_pbc_method",
    "pbc_method": "electrostatic_pbc_method",
    "boundary_method": "electrostatic_pbc_method",
    "train": "train_file",
    "training_file": "train_file",
    "train_set": "train_file",
    "valid": "valid_file",
    "validation_file": "valid_file",
    "val_file": "valid_file",
    "val_fraction": "valid_fraction",
    "test": "test_file",
    "atomic_energies": "E0s",
    "isolated_atom_energies": "E0s",
    "e0": "E0s",
    "formal_charges": "atomic_formal_charges",
    "num_layers": "num_interactions",
    "n_layers": "num_interactions",
    "channels": "num_channels",
    "lmax": "max_L",
    "l_max": "max_L",
    "multipoles_max_l": "atomic_multipoles_max_l",
    "smearing_width": "atomic_multipoles_smearing_width",
    "beta1": "beta",
    "beta2": "beta_two",
    "betas": "beta",
    "gradient_clipping": "clip_grad",
    "grad_clip": "clip_grad",
    "max_grad_norm": "clip_grad",
    "early_stopping_patience": "patience",
    "use_ema": "ema",
    "fixed_point_update_config": "fixedpoint_update_config",
    "fixed_point_readout_config": "field_readout_config",
    "field_feature_normalization": "field_feature_norms",
    "output_dir": "work_dir",
}
"""Top level of a run."""

STAGE: Mapping[str, str] = {
    "learning_rate": "lr",
    "learningrate": "lr",
    "initial_lr": "lr",
    "epochs": "end",
    "num_epochs": "end",
    "n_epochs": "end",
    "max_epochs": "end",
    "max_epoch": "end",
    "last_epoch": "end",
    "end_epoch": "end",
    "stop": "end",
    "first_epoch": "start",
    "start_epoch": "start",
    "begin": "start",
    "loss_weights": "loss",
    "weights": "loss",
    "losses": "loss",
    "loss_terms": "loss",
    "loss_fn": "loss",
    "stage_name": "name",
    "fixed_point_options": "fixed_point_training_options",
    "fixedpoint_training_options": "fixed_point_training_options",
    "training_options": "fixed_point_training_options",
    "scf_options": "fixed_point_training_options",
}
"""One stage of the schedule."""

LOSS: Mapping[str, str] = {
    "energy": "energy_per_atom",
    "energies": "energy_per_atom",
    "total_energy": "energy_per_atom",
    "energy_weight": "energy_per_atom",
    "force": "forces",
    "forces_weight": "forces",
    "force_weight": "forces",
    "virials": "stress",
    "virial": "stress",
    "stress_weight": "stress",
    "virials_weight": "stress",
    "charges": "atomic_multipoles",
    "charge": "total_charge",
    "partial_charges": "atomic_multipoles",
    "multipoles": "atomic_multipoles",
    "density": "atomic_multipoles",
    "density_coefficients": "atomic_multipoles",
    "charges_weight": "atomic_multipoles",
    "dipoles": "dipole",
    "dipole_weight": "dipole",
    "fermi": "fermi_level",
    "efermi": "fermi_level",
    "fermi_energy": "fermi_level",
    "polarizability_weight": "polarizability",
    "electrostatic_potentials": "esps",
    "potentials": "esps",
    "esp": "esps",
}
"""Terms of a loss."""

FIXED_POINT: Mapping[str, str] = {
    "training_mode": "mode",
    "scf_mode": "mode",
    "solver": "linear_solve",
    "linear_solver": "linear_solve",
    "scf_training_options": "scf",
}
"""Fixed-point options of a stage."""

SCF: Mapping[str, str] = {
    "scf_steps": "num_scf_steps",
    "num_steps": "num_scf_steps",
    "n_scf_steps": "num_scf_steps",
    "max_scf_steps": "num_scf_steps",
    "steps": "num_scf_steps",
    "max_steps": "num_scf_steps",
    "max_iterations": "num_scf_steps",
    "max_iter": "num_scf_steps",
    "tolerance": "scf_tolerance",
    "tol": "scf_tolerance",
    "scf_tol": "scf_tolerance",
    "threshold": "scf_tolerance",
    "mixing": "mixing_parameter",
    "alpha": "mixing_parameter",
    "damping": "mixing_parameter",
    "scf_mixing": "mixing_parameter",
    "constant_fermi_level": "constant_charge",
    "initial_guess": "initial_density",
    "initial_charges": "initial_density",
}
"""Settings of the self-consistent iterations."""

INFO_KEYS: Mapping[str, str] = {
    "charge": "total_charge",
    "net_charge": "total_charge",
    "total_energy": "energy",
    "energies": "energy",
    "stresses": "stress",
    "virial": "virials",
    "fermi": "fermi_level",
    "efermi": "fermi_level",
    "field": "external_field",
    "electric_field": "external_field",
    "spin": "total_spin",
}
"""Labels of a frame."""

ARRAYS_KEYS: Mapping[str, str] = {
    "force": "forces",
    "gradients": "forces",
    "multipoles": "atomic_multipoles",
    "density_coefficients": "atomic_multipoles",
    "potentials": "electrostatic_potentials",
    "esps": "electrostatic_potentials",
    "esp": "electrostatic_potentials",
    "molecule_id": "molID",
    "mol_id": "molID",
    "electronegativities": "enegs",
}
"""Labels of an atom."""

HEAD: Mapping[str, str] = {"info": "info_keys", "arrays": "arrays_keys", "array_keys": "arrays_keys"}
"""The two maps of a head."""


VALUES: Mapping[str, str] = {
    "gpu": "cuda",
    "fp32": "float32",
    "single": "float32",
    "float": "float32",
    "fp64": "float64",
    "double": "float64",
    "schedule_free": "schedulefree",
    "periodic": "pbc",
    "bulk": "pbc",
    "molecule": "molecule_in_box",
    "box": "molecule_in_box",
    "unroll": "unroll_scf",
    "unrolled": "unroll_scf",
    "scf": "unroll_scf",
    "linearize": "linearize_solve",
    "linearized": "linearize_solve",
    "cg": "normal_cg",
    "relu": "silu",
    "swish": "silu",
    "data": "from_data",
}
"""Words for one of the choices of an option."""

SAME = frozenset({"gpu", "fp32", "fp64", "single", "double"})
"""Those of them that mean just that; others may have meant another choice."""


def folded(name: str) -> str:
    """One spelling for all cases, dashes and underscores."""
    return name.lower().replace("-", "_")
