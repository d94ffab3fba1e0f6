"""The one module of all rules that a wheel carries says what the files say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from mace_scf.rules import all_rules
from mace_scf.rules.page import page_text

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compiled() -> tuple[Any, ...]:
    sys.path.insert(0, str(ROOT / "scripts"))
    from compile_rules import compiled_source

    namespace: dict[str, Any] = {"__name__": "mace_scf.rules._compiled", "__package__": "mace_scf.rules"}
    exec(compile(compiled_source(), "_compiled.py", "exec"), namespace)
    return tuple(sorted((rule() for rule in namespace["RULES"]), key=lambda rule: rule.code))


def test_every_rule_is_in_it(compiled: tuple[Any, ...]) -> None:
    facts = [(rule.code, rule.slug, rule.severity, rule.after) for rule in compiled]

    assert facts == [(rule.code, rule.slug, rule.severity, rule.after) for rule in all_rules()]


def test_pages_are_the_same(compiled: tuple[Any, ...]) -> None:
    assert [page_text(rule) for rule in compiled] == [page_text(rule) for rule in all_rules()]


def test_it_finds_the_same_in_every_broken_example(
    compiled: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    import mace_scf

    configs = sorted((ROOT / "examples" / "broken").glob("*.yaml"))
    expected = [mace_scf.validate(config).findings for config in configs]
    monkeypatch.setattr("mace_scf.rules.registry.all_rules", lambda: compiled)

    found = [mace_scf.validate(config).findings for config in configs]

    assert found == expected
    assert any(expected)
