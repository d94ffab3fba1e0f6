"""What the fixes make of every golden case: committed beside it, and enough of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mace_scf.diagnostics import Severity
from mace_scf.rules import all_rules, rule_by_code

from .fixed import is_clean, mended
from .test_golden import FIRING, HERE, identity, slug_of

SHARE = 0.6  # of the rules that report errors have a fix


@pytest.mark.parametrize("path", FIRING, ids=identity)
def test_what_the_fixes_make_is_committed(path: Path, tmp_path: Path, update_golden: bool) -> None:
    rule = rule_by_code(slug_of(path))
    assert rule is not None

    result = mended(path, tmp_path)

    shown = result.changed if result.offers(rule.code) and is_clean(result, path) else {}
    expected = {path.parent / _fixed(name): text for name, text in shown.items()}
    if update_golden:
        for old in (path.with_suffix(".fixed.yaml"), path.with_name(f"{path.stem}.sh.fixed")):
            old.unlink(missing_ok=True)
        for file, text in expected.items():
            file.write_bytes(text.encode())
    assert {file: file.read_bytes().decode() if file.exists() else "" for file in expected} == expected
    assert expected or not path.with_suffix(".fixed.yaml").exists()


def _fixed(name: str) -> str:
    """`example.fixed.yaml`; a script must not look like another launcher of the config."""
    return name.removesuffix(".yaml") + ".fixed.yaml" if name.endswith(".yaml") else f"{name}.fixed"


def test_most_rules_that_report_errors_have_a_fix() -> None:
    rules = [rule for rule in all_rules() if rule.severity is Severity.ERROR]

    fixed = [rule.code for rule in rules if _is_shown(rule.slug)]

    assert len(fixed) >= SHARE * len(rules), f"{len(fixed)} of {len(rules)}: {fixed}"


def _is_shown(slug: str) -> bool:
    return any(any(HERE.glob(f"*/{slug}/{pattern}")) for pattern in ("*.fixed.yaml", "*.sh.fixed"))
