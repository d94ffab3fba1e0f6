"""Compressed files give the profile of what they hold, and say when they are damaged."""

from __future__ import annotations

import gzip
from pathlib import Path

import attrs
import pytest

from mace_scf.dataset import DatasetProfile, scan_file
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


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="No such file"):
        scan_file(str(tmp_path / "absent.xyz"))
