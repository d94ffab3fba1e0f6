"""Each rule's cases: what the tool prints for a mistake, and its silence on the twin without it."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import mace_scf
from mace_scf.cli.main import main
from mace_scf.rules import all_rules, rule_by_code
from mace_scf.rules.data.damage import DamageRule

HERE = Path(__file__).parent
FIRING = sorted(
    path for pattern in ("*/*/example.yaml", "*/*/case-*.yaml", "*/*/example.sh", "*/*/case-*.sh")
    for path in HERE.glob(pattern)
    if (path.suffix == ".yaml" or not path.with_suffix(".yaml").exists()) and ".fixed" not in path.suffixes
)  # fmt: skip
SILENT = sorted(path for pattern in ("*/*/ok-*.yaml", "*/*/*.fixed.yaml") for path in HERE.glob(pattern))

# the cases of damage in data files are damaged files; they have a test of their own
WITH_CASES = [rule for rule in all_rules() if not isinstance(rule, DamageRule)]


def identity(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


def arguments(path: Path) -> list[str]:
    """Options on a first line `# args: --complete`, so that a case says how it is run."""
    first = path.read_text(encoding="utf-8", errors="replace").split("\n")[0]
    return first.removeprefix("# args:").split() if first.startswith("# args:") else []


def words(path: Path) -> list[str]:
    """`validate FILE OPTIONS`; what stands behind `--` stays at the end."""
    return ["validate", path.name, *arguments(path)]


def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.chdir(path.parent)
    stream = io.StringIO()
    with redirect_stdout(stream):
        status = main(words(path))
    return status, stream.getvalue()


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".out"
    }


def slug_of(path: Path) -> str:
    return path.parent.name


@pytest.mark.parametrize("path", FIRING, ids=identity)
def test_case_prints_the_expected_report(
    path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    before = snapshot(path.parent)

    status, printed = run(path, monkeypatch)

    expected = path.with_suffix(".out")
    if update_golden:
        expected.write_text(printed, encoding="utf-8")
    assert printed == expected.read_text(encoding="utf-8")
    assert status in (0, 1, 2)
    assert snapshot(path.parent) == before


@pytest.mark.parametrize("path", FIRING, ids=identity)
def test_case_reports_its_rule(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rule_by_code(slug_of(path))

    _, printed = run(path, monkeypatch)

    assert rule is not None
    assert f"[{rule.code}]" in printed


@pytest.mark.parametrize("path", SILENT, ids=identity)
def test_twin_stays_silent(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rule_by_code(slug_of(path))

    status, printed = run(path, monkeypatch)

    assert rule is not None
    assert f"[{rule.code}]" not in printed
    assert "error[" not in printed
    assert status == 0


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.slug)
def test_rule_has_a_page_and_cases(rule: mace_scf.rules.Rule) -> None:
    folders = [folder for folder in HERE.glob(f"*/{rule.slug}") if folder.is_dir()]

    page = type(rule).__doc__ or ""

    assert len(folders) == 1
    assert any(path.parent == folders[0] for path in FIRING)
    assert any(path.parent == folders[0] for path in SILENT)
    for heading in ("What it checks:", "Why it matters:", "How to fix:"):
        assert heading in page


def test_codes_and_slugs_are_unique() -> None:
    rules = all_rules()

    assert len({rule.code for rule in rules}) == len(rules)
    assert len({rule.slug for rule in rules}) == len(rules)
