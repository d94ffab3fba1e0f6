"""Files with more sets of labels, or of keys, than can be kept, and files whose comment lines need words."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from mace_scf.dataset import DatasetProfile, merge_profiles, scan_file

ENGINES = ("plain", "numpy")
_PROPERTIES = "Properties=species:S:1:pos:R:3:REF_forces:R:3"
_ROWS = "".join(f"{symbol} {n}.0 0.5 -0.25 0.1 {n}.2 0.3\n" for n, symbol in enumerate("OHHCH" * 6))


def frame(extra: str) -> str:
    return f'30\nLattice="9 0 0 0 9 0 0 0 9" {_PROPERTIES} {extra}\n{_ROWS}'


def profiles_of(text: str, path: Path) -> DatasetProfile:
    """All engines agree."""
    path.write_text(text, encoding="utf-8")
    profiles = [scan_file(str(path), values=True, engine=engine) for engine in ENGINES]
    assert all(profile == profiles[0] for profile in profiles)
    return profiles[0]


def test_too_many_sets_of_labels_leave_every_label_its_count(tmp_path: Path) -> None:
    source = random.Random(3)
    chosen = [[key for key in range(16) if source.random() < 0.5] for _ in range(5000)]
    texts = []
    for number, keys in enumerate(chosen):
        labels = " ".join(f"label_{key}=1.0" for key in keys)
        texts.append(f"1\nProperties=species:S:1:pos:R:3 config_type=t{number % 3} {labels}\nH 0 0 0\n")

    profile = profiles_of("".join(texts), tmp_path / "a.xyz")
    halves = [profiles_of("".join(texts[half::2]), tmp_path / "a.xyz") for half in (0, 1)]

    assert profile.patterns.overflow
    assert not profile.pattern_places
    for key in range(16):
        counts = [seen.count for item, seen in profile.items.items() if item.key == f"label_{key}"]
        assert counts == [sum(key in keys for keys in chosen)]
    assert merge_profiles(halves).patterns == profile.patterns
    assert {item: seen.count for item, seen in merge_profiles(halves).items.items()} == {
        item: seen.count for item, seen in profile.items.items()
    }
    assert merge_profiles(halves).group_items == profile.group_items


@pytest.mark.parametrize(
    "extra",
    ["REF_dipole=[{n}.5, 1.0, 2.0]", 'REF_stress="_JSON [[{n}.0, 0.1], [0.2, 0.5]]"', "REF_stress=None",
     'note=""', "config_type='bulk'", 'config_type="grün"', "converged", "energy=1.0 energy={n}.0", "pbc=FFF"],
)  # fmt: skip
def test_an_unusual_comment_line_does_not_slow_its_atom_lines(tmp_path: Path, extra: str) -> None:
    usual, unusual = tmp_path / "usual.xyz", tmp_path / "unusual.xyz"
    frames = "".join(frame(extra.replace("{n}", str(number))) for number in range(400))

    profile = profiles_of(frames, unusual)
    usual.write_text(frame("REF_energy=1.0") * 400)

    assert {number: seen.atoms for number, seen in profile.elements.items()} == {1: 7200, 6: 2400, 8: 2400}
    assert profile.value_frames == 400
    started = time.process_time()
    scan_file(str(unusual), values=True, engine="plain")
    slow, started = time.process_time() - started, time.process_time()
    scan_file(str(unusual), values=True, engine="numpy")
    assert time.process_time() - started < slow / 2


def test_columns_that_are_no_triples_are_looked_at_word_by_word(tmp_path: Path) -> None:
    text = "2\nProperties=species:S:1:pos:R:3:x:R converged\nO 0.0 inf 0.0\nH 0.0 0.0 1.0\n"

    profile = profiles_of(text * 3, tmp_path / "a.xyz")

    assert profile.damage.keys() == {"D918"}
