"""Names of files, patterns and folders."""

from __future__ import annotations

from pathlib import Path

from mace_scf.dataset import data_files


def test_folders_and_patterns_give_sorted_files(tmp_path: Path) -> None:
    for name in ("b.xyz", "a.xyz", "c.extxyz.gz", "notes.txt", "d[1].xyz"):
        (tmp_path / name).write_text("")

    folder = [Path(path).name for path in data_files(str(tmp_path))]
    pattern = [Path(path).name for path in data_files(str(tmp_path / "[ab].xyz"))]

    assert folder == ["a.xyz", "b.xyz", "c.extxyz.gz", "d[1].xyz"]
    assert pattern == ["a.xyz", "b.xyz"]
    assert data_files(str(tmp_path / "d[1].xyz")) == [str(tmp_path / "d[1].xyz")]
    assert data_files("absent.xyz") == ["absent.xyz"]
