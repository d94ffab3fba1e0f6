"""Damage in data files reaches the report: one file for each kind, and silence on the sound one."""

from __future__ import annotations

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


def codes(folder: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Codes found in a run on this file, with the line of their place."""
    shutil.copy(data, folder / "train.xyz")
    config = folder / "run.yaml"
    config.write_text(CONFIG, encoding="utf-8")

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


def test_a_sound_file_is_reported_without_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = codes(tmp_path, MALFORMED / "clean.xyz", capsys)

    assert not set(found) & set(KINDS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.slug))
def test_a_kind_of_damage_has_a_page(rule: type[object]) -> None:
    page = rule.__doc__ or ""

    for heading in ("What it checks:", "Why it matters:", "How to fix:"):
        assert heading in page
