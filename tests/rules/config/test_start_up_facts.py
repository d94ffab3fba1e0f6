"""What the trainer refuses, takes or ignores in options: a table made by hand from what was seen of it."""

from __future__ import annotations

import pytest

import mace_scf
from mace_scf.catalog.registry import trainers
from mace_scf.diagnostics import Severity

HEADS = {"Default": {"info_keys": {"energy": "REF_energy", "total_charge": "total_charge"},
                     "arrays_keys": {"forces": "REF_forces"}}}  # fmt: skip
STAGE = {"name": "a", "start": 0, "end": 9, "loss": {"energy_per_atom": 1.0, "forces": 100.0}}

REFUSED = """
compute_forces: false
E0s: {H: -13.6, O: -2040.1}
valid_fraction: 1.0
batch_size: 0
batch_size: 8.0
include_electrostatic_self_interaction: 1
clip_grad: none
name: runs/water
log_level: info
error_table: PerAtomRMSe
error_table: TotalMAE
train_file: train.extxyz
energy_key: REF_energy
test_dir: tests
loss: weighted
dry_run: true
wandb-watch: off
radial_MLP: [64, 64]
train_file: [a.xyz, b.xyz]
restart_latest: maybe
amsgrad: 2
batch_size: 1e3
seed: 0123
heads: null
model: mace
r_max: 0
"""
ACCEPTED = """
E0s: {1: -13.6, 8: -2040.1}
E0s: "{1: -13.6, 8: -2040.1}"
E0s: average
E0s: atoms.json
weight_decay: 1e-8
lr: 1e-2
clip_grad: 'None'
restart_latest: false
restart_latest: 'False'
ema: 'off'
ema: on
batch_size: 1_0
batch_size: "8"
gate: None
compute_stress: n
compute_polarizability: 'True'
eval_interval: 1
train_file: a.b.xyz
log_level: WARNING
error_table: PerAtomRMSE
field_feature_norms: "None"
wandb-watch: "off"
valid_file:
"""
# Section by section what the trainer parses and never reads, each with a value of its own.
IGNORED = """
launcher: torchrun
plot: false
plot_frequency: 3
plot_interaction_e: true
pair_repulsion: true
distance_transform: Agnesi
apply_cutoff: false
use_last_readout_only: true
use_embedding_readout: true
use_reduced_cg: true
use_so3: true
use_agnostic_product: true
edge_irreps: 8x0e
multi_processed_test: true
atomic_numbers: "[1, 8]"
mean: 1.0
std: 2.0
les_arguments: les.yaml
keep_isolated_atoms: true
skip_evaluate_heads: other
energy_weight: 3.0
forces_weight: 3.0
stress_weight: 3.0
virials_weight: 3.0
dipole_weight: 3.0
polarizability_weight: 3.0
swa_energy_weight: 3.0
stage_two_forces_weight: 3.0
swa: true
stage_two: true
start_swa: 3
start_stage_two: 3
swa_lr: 0.1
huber_delta: 0.1
lbfgs: true
max_num_epochs: 3
enable_cueq: true
only_cueq: true
enable_oeq: true
downloads_dir: here
dont_include_pbc_corrections: true
polarizable_charges: true
field_norm_factor: 2.0
lr: 0.1
foundation_model: small
multiheads_finetuning: false
num_samples_pt: 5
weight_pt_head: 2.0
pt_train_file: a.xyz
"""


def lines(table: str) -> list[str]:
    return [line for line in table.splitlines() if line]


def worst(line: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Severity]]:
    path = tmp_path_factory.mktemp("case") / "config.yaml"
    schedule = (
        "train_schedule:\n  0: {name: a, start: 0, end: 9, loss: {energy_per_atom: 1.0, forces: 100.0}}\n"
    )
    heads = "heads:\n  Default:\n    info_keys: {energy: REF_energy, total_charge: total_charge}\n" \
            "    arrays_keys: {forces: REF_forces}\n"  # fmt: skip
    path.write_text(line + "\n" + ("" if line.startswith("heads") else heads) + schedule, encoding="utf-8")
    report = mace_scf.validate(path, data=False)
    return [(finding.code, finding.severity) for finding in report.findings]


@pytest.mark.parametrize("line", lines(REFUSED))
def test_what_stops_or_falsifies_a_run_is_an_error(
    line: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = worst(line, tmp_path_factory)

    assert [severity for _, severity in found] == [Severity.ERROR]


@pytest.mark.parametrize("line", lines(ACCEPTED))
def test_what_the_trainer_takes_is_no_error(line: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = worst(line, tmp_path_factory)

    assert [severity for _, severity in found if severity is Severity.ERROR] == []


@pytest.mark.parametrize("line", lines(IGNORED))
def test_what_the_trainer_ignores_is_one_warning(line: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = worst(line, tmp_path_factory)

    assert found in ([("C130", Severity.WARNING)], [("C133", Severity.WARNING)])


def test_a_config_given_as_a_mapping_is_checked_alike() -> None:
    report = mace_scf.validate({"heads": HEADS, "train_schedule": {0: STAGE}, "dry_run": True}, data=False)

    assert [finding.code for finding in report.findings] == ["C134"]


@pytest.mark.parametrize("trainer", [trainer.name for trainer in trainers()])
def test_a_fragment_without_options_is_silent(trainer: str) -> None:
    report = mace_scf.validate({"train_schedule": {0: STAGE}}, trainer=trainer, data=False)

    assert report.findings == ()
