"""Which fault in one frame of a hundred is found by which rule of `validate`, as a Markdown table.

Run ``python -m benchmarks.rule_faults``. Found are warnings and errors; the last row is data without a fault.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import mace_scf
from benchmarks.dataset_generators import GeneratedFrame, ase_text, clean_frames
from mace_scf.diagnostics import Severity

TRAIN, VALID, TEST = 200, 40, 20
PLANTED = TRAIN // 100
Frames = dict[str, list[GeneratedFrame]]
Plant = Callable[[Frames], None]


def clean_data() -> Frames:
    """Frames with every label in three splits; Fermi levels come on top of what the generator gives."""
    source = clean_frames(seed=11)
    data = {
        name: list(islice(source, size))
        for name, size in (("train", TRAIN), ("valid", VALID), ("test", TEST))
    }
    for frames in data.values():
        for number, frame in enumerate(frames):
            frame.info["REF_fermi_level"] = repr(-4.0 - 0.01 * number)
    return data


def chosen(data: Frames, flags: str = "") -> list[GeneratedFrame]:
    """One training frame of a hundred, of those with these boundary flags."""
    able = [frame for frame in data["train"] if flags in frame.info["pbc"]]
    return able[:: max(1, len(able) // PLANTED)][:PLANTED]


def config_of(folder: Path) -> dict[str, Any]:
    """A run that reads every label of the data."""
    return {
        "name": "planted", "model": "FixedPoint", "error_table": "PerAtomRMSE", "batch_size": 5,
        **{f"{split}_file": str(folder / f"{split}.xyz") for split in ("train", "valid", "test")},
        "E0s": {1: -13.6, 6: -1029.2, 7: -1485.3, 8: -2042.1, 16: -10831.1}, "num_channels": 32, "max_L": 1,
        "field_feature_norms": "None", "field_feature_widths": "[1.0]", "use_linear_local_charges": True,
        "config_type_weights": {"cluster": 1.0, "bulk": 2.0},
        "heads": {"Default": {
            "info_keys": {"energy": "REF_energy", "dipole": "REF_dipole", "total_charge": "total_charge",
                          "fermi_level": "REF_fermi_level"},
            "arrays_keys": {"forces": "REF_forces", "atomic_multipoles": "AIMS_atom_multipoles"}}},
        "train_schedule": {0: {
            "name": "direct", "start": 0, "end": 9, "fixed_point_training_options": {"mode": "direct"},
            "loss": {"energy_per_atom": 1.0, "forces": 10.0, "atomic_multipoles": 10.0, "dipole_per_atom": 1.0}}},
    }  # fmt: skip


def found_in(data: Frames, folder: Path) -> set[str]:
    """Codes of all warnings and errors."""
    for split, frames in data.items():
        (folder / f"{split}.xyz").write_text("".join(map(ase_text, frames)), encoding="utf-8")
    report = mace_scf.validate(config_of(folder), values=True, project=False)
    return {finding.code for finding in report.at_least(Severity.WARNING)}


def dipole_without_weights(data: Frames) -> None:
    """No weights beside a dipole."""
    for frame in chosen(data, "F F F"):
        del frame.info["config_dipole_weight"]


def rod(data: Frames) -> None:
    """Periodic in one direction."""
    for frame in chosen(data, "T T T"):
        frame.info["pbc"] = '"T F F"'


def molecule_called_bulk(data: Frames) -> None:
    """A molecule in a box with the flags of bulk, and no dipole."""
    for frame in chosen(data, "F F F"):
        frame.info["pbc"] = '"T T T"'
        del frame.info["REF_dipole"]


def left_handed_cell(data: Frames) -> None:
    """Two cell vectors exchanged."""
    for frame in chosen(data, "T T T"):
        frame.lattice = [*frame.lattice[3:6], *frame.lattice[:3], *frame.lattice[6:]]


def unknown_element(data: Frames) -> None:
    """An element that E0s do not name."""
    for frame in chosen(data):
        frame.symbols[0] = "P"


def element_in_test(data: Frames) -> None:
    """An element in one test frame only."""
    data["test"][0].symbols[0] = "P"


def huge_charge(data: Frames) -> None:
    """A total charge of 12 e, on an atom too."""
    for frame in chosen(data, "T T T"):
        frame.multipoles[0][0] += 12.0 - float(frame.info["total_charge"])
        frame.info["total_charge"] = "12"


def no_fermi_level(data: Frames) -> None:
    """No Fermi level."""
    for frame in chosen(data):
        del frame.info["REF_fermi_level"]


def weight_by_file_key(data: Frames) -> None:
    """A weight named after the key, not the property."""
    for frame in chosen(data):
        frame.info["config_REF_energy_weight"] = "0.0"


def shared_frame(data: Frames) -> None:
    """A training frame in the validation file."""
    data["valid"][0] = chosen(data)[0]


def nan_energy(data: Frames) -> None:
    """An energy that is NaN."""
    for frame in chosen(data):
        frame.info["REF_energy"] = "NaN"


def nan_force(data: Frames) -> None:
    """A force component that is NaN."""
    for frame in chosen(data):
        frame.forces[0][0] = float("nan")


def text_energy(data: Frames) -> None:
    """An energy with its unit attached."""
    for frame in chosen(data):
        frame.info["REF_energy"] += "eV"


def drifting_forces(data: Frames) -> None:
    """A net force."""
    for frame in chosen(data):
        for row in frame.forces:
            row[0] += 0.05


def no_box(data: Frames) -> None:
    """A molecule without a cell."""
    for frame in chosen(data, "F F F"):
        frame.lattice = []


def relabelled_frame(data: Frames) -> None:
    """A frame that stands there again with another energy."""
    for frame in chosen(data):
        again = copy.deepcopy(frame)
        again.info["REF_energy"] = repr(float(frame.info["REF_energy"]) + 1.0)
        data["train"].append(again)


def negative_weight(data: Frames) -> None:
    """A weight below 0."""
    for frame in chosen(data):
        frame.info["config_weight"] = "-1.0"


def zero_fermi_level(data: Frames) -> None:
    """The 0 of a converter."""
    for frame in chosen(data):
        frame.info["REF_fermi_level"] = "0.0"


def distant_fermi_level(data: Frames) -> None:
    """A level in another unit."""
    for frame in chosen(data):
        frame.info["REF_fermi_level"] = "-112.5"


def two_energies(data: Frames) -> None:
    """An energy of two numbers."""
    for frame in chosen(data):
        frame.info["REF_energy"] = f'"{frame.info["REF_energy"]} 0.0"'


def flat_cell(data: Frames) -> None:
    """A cell without a volume."""
    for frame in chosen(data, "T T T"):
        frame.lattice = [*frame.lattice[:6], *frame.lattice[:3]]


def relabelled_forces(data: Frames) -> None:
    """A frame that stands there again, its atoms in another order and with other forces."""
    for frame in chosen(data):
        again = copy.deepcopy(frame)
        for rows in (again.symbols, again.positions, again.forces, again.multipoles):
            rows.reverse()
        again.forces[0][0] += 0.3
        again.forces[1][0] -= 0.3
        data["train"].append(again)


def geometry_in_validation(data: Frames) -> None:
    """A training frame in the validation file, its atoms in another order."""
    again = copy.deepcopy(chosen(data)[0])
    for rows in (again.symbols, again.positions, again.forces, again.multipoles):
        rows.reverse()
    data["valid"][0] = again


def element_in_validation(data: Frames) -> None:
    """An element in one validation frame only, of those that E0s name."""
    for frames in data.values():
        frames[:] = [frame for frame in frames if "S" not in frame.symbols or frame is data["valid"][0]]
    data["valid"][0].symbols[0] = "S"


def other_method(data: Frames) -> None:
    """Validation energies of another method, by 3 eV for each atom."""
    for frame in data["valid"]:
        frame.info["REF_energy"] = repr(float(frame.info["REF_energy"]) + 3.0 * len(frame.symbols))


def hartree(data: Frames) -> None:
    """All energies in hartree."""
    for frames in data.values():
        for frame in frames:
            frame.info["REF_energy"] = repr(float(frame.info["REF_energy"]) / 27.2114)


def charges_elsewhere(data: Frames) -> None:
    """Charges under another key, and zeros under the mapped one."""
    for frames in data.values():
        for frame in frames:
            frame.info["charge"] = frame.info["total_charge"]
            frame.info["total_charge"] = "0"


def levels_of_two_zeros(data: Frames) -> None:
    """Fermi levels of bulk counted from elsewhere."""
    for frames in data.values():
        for frame in frames:
            if frame.info["pbc"] == '"T T T"':
                frame.info["REF_fermi_level"] = repr(float(frame.info["REF_fermi_level"]) + 8.0)


def constant_energy(data: Frames) -> None:
    """One energy for all."""
    for frame in data["train"]:
        frame.info["REF_energy"] = "-1.0"


def renamed_type(data: Frames) -> None:
    """A type of frames that the weights call otherwise."""
    for frame in data["train"]:
        if frame.info["config_type"] == "cluster":
            frame.info["config_type"] = "molecule"


# What is planted, and the code that must be found.
FAULTS: tuple[tuple[Plant, str], ...] = (
    (dipole_without_weights, "D205"),
    (rod, "D206"),
    (molecule_called_bulk, "D207"),
    (left_handed_cell, "D208"),
    (unknown_element, "D211"),
    (element_in_test, "D212"),
    (huge_charge, "D214"),
    (no_fermi_level, "D215"),
    (weight_by_file_key, "D216"),
    (shared_frame, "D218"),
    (nan_energy, "D220"),
    (nan_force, "D220"),
    (drifting_forces, "D222"),
    (no_box, "D223"),
    (relabelled_frame, "D233"),
    (text_energy, "D915"),
    (renamed_type, "D217"),
    (constant_energy, "D219"),
    (two_energies, "D231"),
    (relabelled_forces, "D233"),
    (geometry_in_validation, "D218"),
    (negative_weight, "D234"),
    (charges_elsewhere, "D235"),
    (hartree, "D236"),
    (element_in_validation, "D237"),
    (other_method, "D238"),
    (zero_fermi_level, "D239"),
    (distant_fermi_level, "D239"),
    (levels_of_two_zeros, "D239"),
    (flat_cell, "D925"),
)


def main() -> None:
    """Print the table."""
    print("| fault | rule | found | others that speak |\n|---|---|---|---|")
    for row in _rows():
        print("| " + " | ".join(row) + " |")


def _rows() -> Iterator[list[str]]:
    clean = clean_data()
    with tempfile.TemporaryDirectory() as name:
        for plant, code in FAULTS:
            data = copy.deepcopy(clean)
            plant(data)
            found = found_in(data, Path(name))
            yield [plant.__name__.replace("_", " "), code, "yes" if code in found else "no",
                   ", ".join(sorted(found - {code})) or "-"]  # fmt: skip
        alarms = found_in(clean, Path(name))
        yield ["none", "-", "-", ", ".join(sorted(alarms)) or "-"]


if __name__ == "__main__":
    main()
