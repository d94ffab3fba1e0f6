"""What the fixes make of every golden case: committed beside it, and enough of them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from mace_scf.diagnostics import Severity
from mace_scf.rules import all_rules, rule_by_code

from .fixed import Finding, fixable, is_clean, mended
from .test_golden import FIRING, HERE, identity, slug_of

SHARE = 0.6  # of the rules that report errors have a fix


@pytest.mark.parametrize("path", FIRING, ids=identity)
def test_what_the_fixes_make_is_committed(path: Path, update_golden: bool) -> None:
    rule = rule_by_code(slug_of(path))
    assert rule is not None

    result = mended(path)

    shown = result.changed if result.offers(rule.code) and is_clean(result, path) else {}
    expected = {path.parent / _fixed(name): text for name, text in shown.items()}
    if update_golden:
        for old in (path.with_suffix(".fixed.yaml"), path.with_name(f"{path.stem}.sh.fixed")):
            old.unlink(missing_ok=True)
        for file, text in expected.items():
            file.write_bytes(text.encode())
    assert {file: file.read_bytes().decode() if file.exists() else "" for file in expected} == expected
    assert expected or not path.with_suffix(".fixed.yaml").exists()


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("path", FIRING, ids=identity)
def test_what_is_fixed_is_gone_and_nothing_else_is_wrong(path: Path, unsafe: bool) -> None:
    result = mended(path, unsafe=unsafe)

    offered, left = _places(fixable(result.before, result.files, unsafe=unsafe)), _places(result.after)
    remaining = {
        place[0] for place in offered if left[place] > _places(result.before)[place] - offered[place]
    }
    assert not fixable(result.after, result.files, unsafe=unsafe)
    assert remaining <= ONE_OF_SEVERAL.get(identity(path), set())
    assert _errors(result.after) - _errors(result.before) <= REVEALED.get(identity(path), set())
    assert {name for name in result.files if name.endswith((".xyz", ".h5"))}.isdisjoint(result.changed)
    for name, text in result.changed.items():
        assert _comments(result.files[name].decode()) <= _comments(text), name


REVEALED: dict[str, set[str]] = {
    "config/not-a-choice/case-in-a-literal.yaml": {"F107"},  # the mode was unknown
    "config/yaml-word-is-boolean/case-other-rules-stay-silent.yaml": {"C136", "C139", "C144", "C151"},
    "launch/missing-value/case-negative-exponent.yaml": {"C139"},
}
"""Errors that could not be seen before the fix of another."""
ONE_OF_SEVERAL: dict[str, set[str]] = {
    "config/unknown-key/case-misplaced.yaml": {"C101"},  # two weights of one term, and one place for them
    "loss/term-option-invalid/case-smooth.yaml": {"L206"},  # one term must stay
    "loss/term-without-producer/case-every-term.yaml": {"L206"},
}
"""Fixes of which each would do, but not all of them together."""


def _places(findings: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding["code"], finding["message"]) for finding in findings)


def _errors(findings: list[Finding]) -> set[str]:
    return {finding["code"] for finding in findings if finding["severity"] == "error"}


def _comments(text: str) -> Counter[str]:
    """Lines of comments and what stands behind values, but for comments that speak to the checker."""
    found = re.findall(r"(?:^|\s)(#[^\r\n]*)", text)
    return Counter(comment.rstrip(" \\") for comment in found if "mace-scf:" not in comment)


def _fixed(name: str) -> str:
    """`example.fixed.yaml`; a script must not look like another launcher of the config."""
    return name.removesuffix(".yaml") + ".fixed.yaml" if name.endswith(".yaml") else f"{name}.fixed"


def test_most_rules_that_report_errors_have_a_fix() -> None:
    rules = [rule for rule in all_rules() if rule.severity is Severity.ERROR]

    fixed = [rule.code for rule in rules if _is_shown(rule.slug)]

    assert len(fixed) >= SHARE * len(rules), f"{len(fixed)} of {len(rules)}: {fixed}"


def _is_shown(slug: str) -> bool:
    return any(any(HERE.glob(f"*/{slug}/{pattern}")) for pattern in ("*.fixed.yaml", "*.sh.fixed"))
