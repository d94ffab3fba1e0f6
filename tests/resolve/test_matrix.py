"""The matrix against a table written by hand, and against what a run with such a model is told."""

from __future__ import annotations

import pytest

import mace_scf
from mace_scf.catalog.registry import trainer, trainers
from mace_scf.catalog.trainer import Trainer
from mace_scf.resolve.matrix import Cell, Service, cell, columns

# Rows of the survey's own capability table: y yes, o with an option, e echo, g no gradient, f fixed, - no.
# Columns: MACE, ScaleShiftMACE, LocalSplitCharges, LocalCharges, FixedChargeBaselinedMACE,
# FixedPoint in direct, unroll_scf, implicit, linearize_solve, MACEQEq.
TABLE = {
    "energy_per_atom": "yyyyyyyyyy",
    "forces": "yyyyyyyyyy",
    "molecular_forces": "yyyyyyyyyy",
    "cluster_virial": "yyyyyyyyyy",
    "cluster_virial_per_atom": "yyyyyyyyyy",
    "stress": "ooooo-----",
    "atomic_multipoles": "--yygyyyyo",
    "total_charge": "--fyfyffff",
    "total_charge_per_atom": "--fyfyffff",
    "dipole": "--yygyyyyy",
    "dipole_per_atom": "--yygyyyyy",
    "polarizability": "--y-------",
    "fermi_level": "-----eyyy-",
    "fermi_level_per_atom": "-----eyyy-",
    "esps": "-----oooo-",
    "field_features": "----------",
    "fixedpoint_scf_stability": "----------",
    "final_terms_fixedpoint_scf_stability": "------ggg-",
    "fermi_level_gradient": "----------",
    "rho_fftn": "----------",
    "fourier_density": "----------",
}
LETTERS = {
    Service.YES: "y",
    Service.OPTION: "o",
    Service.ECHO: "e",
    Service.STILL: "g",
    Service.FIXED: "f",
    Service.NO: "-",
}


def matrix() -> list[Cell]:
    upstream = trainer()
    return [cell(term, column, upstream) for term in upstream.terms for column in columns(upstream)]


@pytest.mark.parametrize("name", TABLE)
def test_matrix_agrees_with_the_table_written_by_hand(name: str) -> None:
    upstream = trainer()
    term = upstream.term_by_name[name]

    row = "".join(LETTERS[cell(term, column, upstream).service] for column in columns(upstream))

    assert row == TABLE[name]


def test_table_written_by_hand_is_complete() -> None:
    assert set(TABLE) == {term.name for term in trainer().terms}


@pytest.mark.parametrize("found", matrix(), ids=lambda found: f"{found.column.title}-{found.term.name}")
def test_rules_tell_a_run_what_the_matrix_says(found: Cell) -> None:
    codes = {
        Service.NO: {"L201", "L202", "L206"},
        Service.ECHO: {"L203"},
        Service.STILL: {"L205", "L202"},
        Service.FIXED: {"L204"},
        Service.OPTION: {"L202"},
        Service.YES: set(),
    }

    report = mace_scf.validate(run_with(found), complete=True, data=False)

    told = {finding.code for finding in report.findings} & set().union(*codes.values())
    assert bool(told) == bool(codes[found.service])
    assert told <= codes[found.service]


def run_with(found: Cell) -> dict[str, object]:
    loss = loss_of(found)
    stage: dict[str, object] = {"name": "only", "start": 0, "end": 9, "loss": loss}
    if found.column.mode:
        scf = {"num_scf_steps": 10, "mixing_parameter": 0.3}
        block: dict[str, object] = {"mode": found.column.mode}
        stage["fixed_point_training_options"] = block | (
            {} if found.column.mode == "direct" else {"scf": scf}
        )
    return {"model": found.column.model.name, "train_schedule": {0: stage}}


def loss_of(found: Cell) -> dict[str, object]:
    options = {option.name: option.default for option in found.term.options}
    weight: object = {"weight": 1.0, **options} if options else 1.0
    return {found.term.name: weight}


@pytest.mark.parametrize("version", trainers(), ids=lambda version: version.name)
def test_every_answer_but_a_plain_yes_has_its_reason(version: Trainer) -> None:
    answers = [cell(term, column, version) for term in version.terms for column in columns(version)]

    silent = [found for found in answers if found.service is not Service.YES and not found.note]

    assert not silent
