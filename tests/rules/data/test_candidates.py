"""Which keys are offered for one that no frame has: place and form first, then the name."""

from __future__ import annotations

from pathlib import Path

import mace_scf

CONFIG = """
train_file: {file}
model: LocalCharges
heads:
  Default:
    info_keys: {{energy: REF_energy, dipole: REF_dipole, total_charge: total_charge}}
    arrays_keys: {{forces: REF_forces}}
train_schedule:
  0: {{name: first, start: 0, end: 9, loss: {{energy_per_atom: 1.0, forces: 1.0, dipole_per_atom: 1.0}}}}
"""


def finding_about(key: str, comment: str, columns: str, row: str, tmp_path: Path) -> mace_scf.Diagnostic:
    file = tmp_path / "train.xyz"
    frame = f"1\nProperties=species:S:1:pos:R:3{columns} total_charge=0 {comment}\nH 0 0 0 {row}\n"
    file.write_text(frame, encoding="utf-8")
    config = tmp_path / "run.yaml"
    config.write_text(CONFIG.format(file=file), encoding="utf-8")
    found = mace_scf.validate(config).findings
    return next(finding for finding in found if finding.code == "D201" and key in finding.message)


def test_the_key_with_the_right_form_and_name_is_offered(tmp_path: Path) -> None:
    found = finding_about("REF_energy", "REF_energies=-1.5 gap=2.0", ":REF_forces:R:3", "0 0 0", tmp_path)

    assert found.suggestions == ("REF_energies",)
    assert found.fix is not None
    assert not found.fix.safe


def test_a_key_per_atom_is_never_offered_for_a_frame(tmp_path: Path) -> None:
    found = finding_about(
        "REF_dipole", "REF_energy=-1.5", ":dipoles:R:3:REF_forces:R:3", "0 0 1 0 0 0", tmp_path
    )

    assert found.suggestions == ()
    assert "`dipoles` cannot serve: it is a column of the atoms" in found.notes


def test_a_key_that_ase_takes_away_is_never_offered(tmp_path: Path) -> None:
    found = finding_about(
        "REF_dipole", 'REF_energy=-1.5 dipole="0 0 1"', ":REF_forces:R:3", "0 0 0", tmp_path
    )

    assert found.suggestions == ()
    assert any(note.startswith("`dipole` cannot serve: ASE moves it") for note in found.notes)


def test_a_text_with_the_right_name_is_never_offered(tmp_path: Path) -> None:
    found = finding_about(
        "REF_energy", "energy_source=dft REF_dipole=x", ":REF_forces:R:3", "0 0 0", tmp_path
    )

    assert found.suggestions == ()
