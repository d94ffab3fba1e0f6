"""Damage in data files reaches the report: one file for each kind, and silence on the sound one."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from mace_scf.cli.main import main
from mace_scf.dataset.damage import KINDS
from mace_scf.rules.data.damage import RULES

MALFORMED = Path(__file__).parents[1] / "dataset" / "malformed"
EXPECTED = dict(
    line.split(maxsplit=1) for line in (MALFORMED / "expected.txt").read_text().splitlines() if line[0] != "#"
)
IN_GZIP = "D932"  # shown by a file that is written by its test
CONFIG = """
heads:
  Default:
    info_keys: {total_charge: total_charge}
    arrays_keys: {forces: none}
train_file: train.xyz
"""


def file_with(code: str) -> Path:
    name = next(name for name, found in EXPECTED.items() if re.search(rf"\b{code}@", found))
    return MALFORMED / f"{name}.xyz"


def codes(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str], *, name: str = "train.xyz"
) -> dict[str, str]:
    """Codes found in a run on this file, with the line of their place."""
    if data != folder / name:
        shutil.copy(data, folder / name)
    config = folder / "run.yaml"
    config.write_text(CONFIG.replace("train.xyz", name), encoding="utf-8")

    main(["validate", str(config), "--values", "--no-launcher", "--format", "json", "--exit-zero"])

    findings = json.loads(capsys.readouterr().out)["findings"]
    return {finding["code"]: Path(finding["file"]).name for finding in findings}


def test_every_kind_of_damage_has_a_rule() -> None:
    assert [rule.code for rule in RULES] == list(KINDS)


@pytest.mark.parametrize("code", [code for code in KINDS if code != IN_GZIP])
def test_a_damaged_file_is_reported_with_its_place(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = codes(tmp_path, file_with(code), capsys)

    assert found[code] == "train.xyz"


@pytest.mark.parametrize("damage", ["cut off", "wrong checksum", "not compressed"])
def test_a_broken_compressed_file_is_reported(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (MALFORMED / "clean.xyz").read_bytes()
    whole, packed = gzip.compress(text), tmp_path / "train.xyz.gz"
    wrong = whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:]
    packed.write_bytes({"cut off": whole[:-30], "wrong checksum": wrong, "not compressed": text}[damage])

    found = codes(tmp_path, packed, capsys, name=packed.name)

    assert found[IN_GZIP] == packed.name


def test_a_sound_file_is_reported_without_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = codes(tmp_path, MALFORMED / "clean.xyz", capsys)

    assert not set(found) & set(KINDS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.slug))
def test_a_kind_of_damage_has_a_page(rule: type[object]) -> None:
    page = rule.__doc__ or ""

    for heading in ("What it checks:", "Why it matters:", "How to fix:"):
        assert heading in page
