"""Two profiles against each other: what differs is told, equal data are not."""

from __future__ import annotations

from pathlib import Path

from mace_scf.dataset import DatasetProfile, scan_file
from mace_scf.dataset.compare import compare


def profile_of(
    path: Path, energies: list[float], *, label: str = "REF_energy", element: str = "H"
) -> DatasetProfile:
    frames = [
        f"1\nProperties=species:S:1:pos:R:3 {label}={energy}\n{element} 0 0 {place}\n"
        for place, energy in enumerate(energies)
    ]
    path.write_text("".join(frames), encoding="utf-8")
    return scan_file(str(path))


def aspects(one: DatasetProfile, other: DatasetProfile) -> list[tuple[str, str]]:
    return [(difference.aspect, difference.name) for difference in compare(one, other)]


def test_the_same_frames_are_told_as_shared(tmp_path: Path) -> None:
    one = profile_of(tmp_path / "a.xyz", [1.0, 2.0])
    other = profile_of(tmp_path / "b.xyz", [1.0, 5.0])

    assert aspects(one, other) == [("shared frames", "equal frames"), ("shared frames", "equal atom lines")]


def test_another_key_and_another_element_are_told(tmp_path: Path) -> None:
    one = profile_of(tmp_path / "a.xyz", [1.0])
    other = profile_of(tmp_path / "b.xyz", [1.0], label="energy_dft", element="O")

    assert aspects(one, other) == [
        ("labels", "REF_energy"), ("labels", "energy_dft"), ("elements", "H"), ("elements", "O"),
    ]  # fmt: skip


def test_a_mean_far_beyond_the_spread_is_told(tmp_path: Path) -> None:
    one = profile_of(tmp_path / "a.xyz", [float(number) for number in range(20)])
    far = profile_of(tmp_path / "b.xyz", [float(number) + 100 for number in range(20)], element="H")
    near = profile_of(tmp_path / "c.xyz", [float(number) + 1 for number in range(20)], element="H")

    assert ("mean", "REF_energy") in aspects(one, far)
    assert ("mean", "REF_energy") not in aspects(one, near)
