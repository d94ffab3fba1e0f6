"""--fix and --diff: what is changed, what is not, and that nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mace_scf.cli.main import main

CONFIG = """# the first run
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0:
    name: first   # one
    start: 0
    end: 9
    lr: 1e-3      # not a number for YAML 1.1
    los: {forcess: 100, energy_per_atom: 1}
"""
MENDED = CONFIG.replace("1e-3 ", "1.0e-3 ").replace("los:", "loss:").replace("forcess: 100", "forces: 100.0").replace(
    "energy_per_atom: 1}", "energy_per_atom: 1.0}"
)  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "c.yaml"
    path.write_bytes(CONFIG.encode())
    return path


def test_fix_mends_only_what_is_wrong(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "c.yaml", "--fix"]) == 0
    assert config.read_text(encoding="utf-8") == MENDED
    assert "fixed c.yaml:11:9: " in capsys.readouterr().err


def test_fix_changes_nothing_the_second_time(config: Path) -> None:
    main(["validate", "c.yaml", "--fix"])
    before = config.stat().st_mtime_ns

    main(["validate", "c.yaml", "--fix"])

    assert config.stat().st_mtime_ns == before


def test_diff_shows_and_changes_nothing(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "c.yaml", "--diff"]) == 1
    assert "-    lr: 1e-3      # not a number" in capsys.readouterr().out
    assert config.read_bytes() == CONFIG.encode()


def test_byte_order_mark_line_ends_mode_and_links_stay(config: Path, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode()
    config.write_bytes(data)
    config.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(config)

    main(["validate", "link.yaml", "--fix"])

    assert config.read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()
    assert config.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.yaml").is_symlink()


@pytest.mark.parametrize(
    ("element", "mended"),
    [
        ("--batchsize 4", "--batch_size 4"),
        ("--batch 4", "--batch_size 4"),
        ("--batchs'ize' 4", "--batchs'ize' 4"),
    ],
)
def test_a_flag_is_mended_where_an_array_got_it(config: Path, element: str, mended: str) -> None:
    config.write_text(MENDED, encoding="utf-8")
    text = f'ARGS=(--config c.yaml {element})\npython run_train.py "${{ARGS[@]}}"\n'
    (config.parent / "train.sh").write_text(text, encoding="utf-8")

    main(["validate", "c.yaml", "--fix"])

    assert (config.parent / "train.sh").read_text(encoding="utf-8") == text.replace(element, mended)


def test_a_launcher_is_mended_too(config: Path, tmp_path: Path) -> None:
    script = tmp_path / "train.sh"
    script.write_text("python run_train.py --config c.yaml \\\n    --batch_sise 4\n", encoding="utf-8")

    main(["validate", "c.yaml", "--fix"])

    assert "--batch_size 4\n" in script.read_text(encoding="utf-8")


def test_standard_input_is_not_fixed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CONFIG.encode())))

    assert main(["validate", "-", "--fix"]) == 2
    assert "cannot be changed" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_loses_nothing(config: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert main(["validate", "c.yaml", "--fix"]) == 2
    finally:
        tmp_path.chmod(0o700)
    assert config.read_bytes() == CONFIG.encode()


def test_unsafe_fixes_alone_change_nothing_and_say_so(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "c.yaml", "--unsafe-fixes"]) == 2
    assert "--unsafe-fixes goes with --fix, or with --diff" in capsys.readouterr().err
    assert config.read_text(encoding="utf-8") == CONFIG
