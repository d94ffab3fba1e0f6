"""Compressed files give the profile of what they hold, and say when they are damaged."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import attrs
import pytest

from mace_scf.dataset import DatasetProfile, scan_file
from mace_scf.dataset.cache import cached_profile
from mace_scf.dataset.frames import read_frames
from mace_scf.dataset.hashing import content_hash
from mace_scf.errors import UnreadableInputError


def apart_from_files(profile: DatasetProfile) -> DatasetProfile:
    """File facts hold the size on disk."""
    return attrs.evolve(profile, files={})


def test_a_compressed_file_has_the_profile_of_its_content(mixed_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "same"
    folder.mkdir()
    packed = folder / "mixed.xyz.gz"
    packed.write_bytes(gzip.compress(mixed_file.read_bytes()))

    profile = scan_file(str(packed))

    plain = scan_file(str(mixed_file))
    assert (profile.frames, profile.atoms, profile.sizes) == (plain.frames, plain.atoms, plain.sizes)
    assert profile.patterns == plain.patterns
    assert profile.files[str(packed)].content_hash == plain.files[str(mixed_file)].content_hash


def test_a_cut_off_compressed_file_is_an_error(mixed_file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "cut.xyz.gz"
    packed.write_bytes(gzip.compress(mixed_file.read_bytes())[:-400])

    profile = scan_file(str(packed))

    assert "D932" in profile.damage
    assert profile.files[str(packed)].verdict.error.startswith("EOFError")


def test_what_comes_before_the_damage_is_counted(mixed_file: Path, tmp_path: Path) -> None:
    whole, packed = scan_file(str(mixed_file)), tmp_path / "cut.xyz.gz"
    data = gzip.compress(mixed_file.read_bytes())
    packed.write_bytes(data[: len(data) // 2])

    profile = scan_file(str(packed))

    verdict = profile.files[str(packed)].verdict
    assert 0.3 * whole.frames < profile.frames < 0.8 * whole.frames
    assert (verdict.frames, verdict.frame) == (0, profile.frames)
    assert profile.damage.keys() - whole.damage.keys() == {"D932"}
    assert profile.damage["D932"].examples[0].place.frame == profile.frames
    assert len(list(read_frames(str(packed)))) == profile.frames


@pytest.mark.parametrize("place", [2, -6, -2], ids=["header", "checksum", "size"])
def test_a_wrong_byte_is_damage(place: int, mixed_file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "wrong.xyz.gz"
    data = bytearray(gzip.compress(mixed_file.read_bytes()))
    data[place] ^= 1
    packed.write_bytes(data)

    profile = scan_file(str(packed))

    assert "D932" in profile.damage
    assert profile.files[str(packed)].verdict.error.startswith("BadGzipFile: ")


@pytest.mark.parametrize("engine", ["plain", "numpy"])
def test_any_wrong_bytes_end_in_a_profile(engine: str, mixed_file: Path, tmp_path: Path) -> None:
    packed, source = tmp_path / "wrong.xyz.gz", random.Random(5)
    whole = gzip.compress(mixed_file.read_bytes())
    broken = 0
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(source.randrange(1, 4)):
            data[source.randrange(len(data))] = source.randrange(256)
        packed.write_bytes(data[: source.randrange(len(data))] if source.random() < 0.3 else data)
        broken += "D932" in scan_file(str(packed), engine=engine).damage

    assert broken > 80


def test_a_broken_file_is_not_kept(mixed_file: Path, tmp_path: Path) -> None:
    packed, folder = tmp_path / "cut.xyz.gz", tmp_path / "profiles"
    data = gzip.compress(mixed_file.read_bytes())
    packed.write_bytes(data[:-20])

    first = cached_profile(str(packed), folder=folder)
    again = cached_profile(str(packed), folder=folder, verify=True)
    packed.write_bytes(data)
    mended = cached_profile(str(packed), folder=folder)
    packed.write_bytes(data[:-1] + b"?")  # of a size that is known
    same_size = cached_profile(str(packed), folder=folder, verify=True)

    assert [cached.trust for cached in (first, again, mended, same_size)] == ["scanned"] * 4
    assert first.profile.files[str(packed)].content_hash == ""
    assert "D932" not in mended.profile.damage
    assert "D932" in same_size.profile.damage


def test_the_hash_of_a_compressed_file_is_that_of_its_content(mixed_file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "mixed.xyz.gz"
    packed.write_bytes(gzip.compress(mixed_file.read_bytes()))
    known = scan_file(str(packed)).files[str(packed)].content_hash

    assert content_hash(str(packed), known.partition(":")[0]) == known


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="No such file"):
        scan_file(str(tmp_path / "absent.xyz"))
