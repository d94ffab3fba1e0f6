"""The shipped example data satisfy what physics and the trainer ask, and each check can fail."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.examples.identities import CHECKS, FAMILIES, FILES, SPLITS, Family, load_family


@cache
def _family(name: str) -> Family:
    return load_family(name)


@cache
def _frames(name: str, split: str) -> list[Any]:
    return _family(name).frames(split)


@pytest.mark.parametrize(("name", "split"), FILES)
@pytest.mark.parametrize("check", CHECKS)
def test_every_frame_satisfies(check: str, name: str, split: str) -> None:
    family = _family(name)

    found = [CHECKS[check](family, frame) for frame in _frames(name, split)]

    assert found == [""] * len(found)
    assert found


def _info(key: str, change: Callable[[Any], Any]) -> Callable[[Any], None]:
    def damage(frame: Any) -> None:
        frame.info[key] = change(frame.info[key])

    return damage


def _array(
    key: str, change: Callable[[Any], Any], name: str = "local_split_charges"
) -> Callable[[Any], None]:
    def damage(frame: Any) -> None:
        frame.set_array(key, None)
        frame.set_array(key, change(_frames(name, "train")[-1].arrays[key]))

    return damage


def _left_handed(frame: Any) -> None:
    frame.set_cell(frame.cell[[1, 0, 2]])


FAULTS: list[tuple[str, str, Callable[[Any], None]]] = [
    ("labels", "local_split_charges", lambda frame: frame.info.pop("REF_energy")),
    ("labels", "fixed_point", lambda frame: frame.info.pop("external_field")),
    ("labels", "local_split_charges", lambda frame: frame.arrays.pop("molID")),
    ("finite", "local_split_charges", _info("REF_energy", lambda value: np.nan)),
    ("finite", "bulk_stress", _info("REF_stress", lambda value: value * np.inf)),
    ("columns", "local_split_charges", _array("REF_multipoles", lambda value: value[:, :3])),
    ("charges", "fixed_point", _info("total_charge", lambda value: value + 1)),
    ("charges", "bulk_stress", _info("total_charge", lambda value: value + 1e-6)),
    ("dipole", "fixed_point", _info("REF_dipole", lambda value: value / 0.2081943)),  # Debye
    ("dipole", "local_split_charges", _array("REF_multipoles", lambda value: value[:, [0, 3, 1, 2]])),
    ("dipole", "qeq", _array("REF_multipoles", lambda value: value * 1.01, "qeq")),
    ("dipole_weight", "fixed_point", lambda frame: frame.info.pop("config_dipole_weight")),
    ("dipole_weight", "local_split_charges", lambda frame: frame.set_pbc(True)),
    ("dipole_weight", "slab", _info("config_dipole_weight", lambda value: value[::-1])),
    ("dipole", "slab", _info("REF_dipole", lambda value: -value)),
    ("net_force", "local_split_charges", _array("REF_forces", lambda value: value + 0.01)),
    ("net_force", "fixed_point", _info("external_field", lambda value: -value)),
    ("stress", "bulk_stress", _info("REF_stress", lambda value: value[:6])),
    ("stress", "bulk_stress", _info("REF_stress", lambda value: value + np.eye(9)[1])),
    ("stress", "bulk_stress", lambda frame: frame.set_pbc(False)),
    ("boundary", "local_split_charges", lambda frame: frame.set_pbc(True)),
    ("boundary", "fixed_point", lambda frame: frame.set_cell(np.zeros((3, 3)))),
    ("boundary", "bulk_stress", _left_handed),
    ("boundary", "bulk_stress", lambda frame: frame.set_cell(2 * frame.cell)),
    ("boundary", "slab", lambda frame: frame.set_pbc((False, True, True))),
    ("boundary", "mixed_boundary", lambda frame: frame.set_pbc((True, False, False))),
    ("boundary", "slab", lambda frame: frame.set_cell(frame.cell[[1, 2, 0]])),
    ("boundary", "slab", lambda frame: frame.translate((0, 0, 30))),
    ("electron_count", "fixed_point", _info("total_charge", lambda value: value + 1)),
    ("formal_charges", "local_split_charges", _info("total_charge", lambda value: -value)),
    ("formal_charges", "formal_charges", _array("REF_formal_charges", np.zeros_like, "formal_charges")),
    ("formal_charges", "mixed_boundary", _info("total_charge", lambda value: value + 1)),
    ("energy", "local_split_charges", _info("REF_energy", lambda value: value / 27.2114)),
    ("energy", "bulk_stress", _info("REF_energy", lambda value: 0.0)),
    ("fermi_level", "fixed_point", _info("REF_fermi_level", lambda value: 0.0)),
    ("molecules", "local_split_charges", _array("molID", lambda value: value * 0)),
    ("config_type", "bulk_stress", lambda frame: frame.info.pop("config_type")),
]


@pytest.mark.parametrize(("check", "name", "damage"), FAULTS)
def test_check_notices_a_planted_fault(check: str, name: str, damage: Callable[[Any], None]) -> None:
    # The last frame of each cluster file is charged, and in fixed_point it feels a field.
    frame = _frames(name, "train")[-1].copy()

    damage(frame)

    assert CHECKS[check](_family(name), frame)


def test_every_check_has_a_planted_fault() -> None:
    assert {check for check, _, _ in FAULTS} == {*CHECKS}


@pytest.mark.parametrize("name", FAMILIES)
def test_no_geometry_occurs_twice_in_or_across_the_splits(name: str) -> None:
    prints = [_fingerprint(frame) for split in _splits(name) for frame in _frames(name, split)]

    assert len({*prints}) == len(prints)


def test_a_rotated_copy_counts_as_the_same_geometry() -> None:
    frame = _frames("local_split_charges", "train")[-1]
    copy = frame.copy()

    copy.rotate(40, "x")
    copy.translate((1, 2, 3))

    assert _fingerprint(copy) == _fingerprint(frame)


def _fingerprint(frame: Any) -> tuple[Any, ...]:
    """Elements and sorted distances: blind to rotation, translation and the order of atoms."""
    distances = frame.get_all_distances(mic=bool(frame.pbc.any()))
    pairs = distances[np.triu_indices(len(frame), 1)]
    return (frame.get_chemical_formula(), *np.sort(pairs).round(3))


@pytest.mark.parametrize(("name", "split"), FILES)
def test_file_is_small_and_states_its_boundaries(name: str, split: str) -> None:
    text = _family(name).path(split).read_text(encoding="utf-8")

    assert len(text.encode()) < 300_000
    assert text.count("pbc=") == len(_frames(name, split))


@pytest.mark.parametrize("name", FAMILIES)
def test_all_splits_hold_the_same_elements_and_config_types(name: str) -> None:
    frames = [_frames(name, split) for split in _splits(name)]

    for split in frames:
        assert {int(z) for frame in split for z in frame.numbers} == {*_family(name).config["E0s"]}
        assert {_type(frame) for frame in split} == {_type(frame) for frame in frames[0]}


@pytest.mark.parametrize(
    "name", ["local_split_charges", "fixed_point", "implicit_scf", "qeq", "formal_charges"]
)
def test_clusters_of_all_charges_are_there(name: str) -> None:
    for split in _splits(name):
        assert {frame.info["total_charge"] for frame in _frames(name, split)} == {-1.0, 0.0, 1.0}


@pytest.mark.parametrize("split", SPLITS)
def test_half_of_the_frames_feel_a_field_at_every_charge(split: str) -> None:
    frames = _frames("fixed_point", split)

    strengths = np.array([np.linalg.norm(frame.info["external_field"]) for frame in frames])
    charges = np.array([frame.info["total_charge"] for frame in frames])

    assert (strengths > 0).sum() == len(frames) // 2
    assert ((strengths[strengths > 0] > 0.04) & (strengths[strengths > 0] < 0.26)).all()
    assert {*charges[strengths > 0]} == {*charges[strengths == 0]} == {-1.0, 0.0, 1.0}


@pytest.mark.parametrize("split", SPLITS)
def test_tension_grows_with_volume_as_in_a_salt(split: str) -> None:
    frames = _frames("bulk_stress", split)
    volumes = np.log([frame.get_volume() for frame in frames])
    tension = [np.reshape(frame.info["REF_stress"], (3, 3)).trace() / 3 for frame in frames]

    bulk_modulus = np.polyfit(volumes, tension, 1)[0]

    assert np.ptp(volumes) > 0.1
    assert 0.05 < bulk_modulus < 0.3  # eV/Å³; 0.15 is 24 GPa, as measured for NaCl


def test_one_element_has_several_formal_charges() -> None:
    found: dict[str, set[float]] = {}
    for frame in _frames("formal_charges", "train"):
        for symbol, charge in zip(frame.symbols, frame.arrays["REF_formal_charges"], strict=True):
            found.setdefault(symbol, set()).add(float(charge))

    assert found["O"] == {-1.0, 0.0, 1.0}
    assert len(found["Cl"]) == 2
    assert (found["Na"], found["H"]) == ({1.0}, {0.0})


@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_each_class_of_boundaries_has_its_dipole_weights(split: str) -> None:
    found = {
        ("".join("T" if flag else "F" for flag in frame.pbc), tuple(frame.info["config_dipole_weight"]))
        for frame in _frames("mixed_boundary", split)
    }

    assert found == {("FFF", (1.0, 1.0, 1.0)), ("TTF", (0.0, 0.0, 1.0)), ("TTT", (0.0, 0.0, 0.0))}


def test_slabs_with_water_have_dipoles_of_both_signs() -> None:
    along_z = [frame.info["REF_dipole"][2] for frame in _frames("slab", "train")]

    assert min(along_z) < -0.3 < 0.3 < max(along_z)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_batch_is_smaller_than_the_training_set(name: str) -> None:
    batch = _family(name).config.get("batch_size", 4)  # where the config has none, train.sh says 4

    assert batch < len(_frames(name, "train")) / 2


@pytest.mark.parametrize("name", FAMILIES)
def test_config_type_weights_name_the_types_in_the_file(name: str) -> None:
    types = {_type(frame) for frame in _frames(name, "train")}

    assert {*_family(name).config.get("config_type_weights", types)} == types


def _splits(name: str) -> list[str]:
    return [split for family, split in FILES if family == name]


def _type(frame: Any) -> str:
    return str(frame.info["config_type"])
