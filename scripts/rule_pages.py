"""The documentation's page of every rule, with its golden example, and their index."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from mace_scf.diagnostics import Severity
from mace_scf.rules import Rule, all_rules
from mace_scf.rules.page import page_text

_FAMILIES = {
    "C": "Config and YAML",
    "S": "Schedule",
    "M": "Model",
    "L": "Loss terms",
    "D": "Data and heads",
    "F": "Fixed-point training",
    "R": "Launcher",
    "E": "Extensions and project files",
}


def rule_pages(cases: Path) -> dict[str, str]:
    """Pages by file name below `docs/`."""
    pages = {f"rules/{rule.code}.md": page_text(rule, _example(rule, cases)) for rule in all_rules()}
    return {**pages, "rules/README.md": _index(cases)}


def _example(rule: Rule, cases: Path) -> str:
    """The rule's golden case: what was written, and what the tool says."""
    for folder in sorted(cases.glob(f"*/{rule.slug}")):
        config, said = folder / "example.yaml", folder / "example.out"
        if config.exists() and said.exists():
            script = folder / "example.sh"
            launcher = f"with `example.sh`\n\n{_fenced('bash', script)}\n" if script.exists() else ""
            fork = folder / "fork.yaml"
            launcher += (
                f"with the extension `fork.yaml`\n\n{_fenced('yaml', fork)}\n" if fork.exists() else ""
            )
            shown = f"## Example\n\n{_fenced('yaml', config)}\n{launcher}\n{_fenced('text', said)}\n"
            return shown + _changes(config)
    return ""


def _changes(config: Path) -> str:
    """What the fixes of the example do to it."""
    mended = config.with_suffix(".fixed.yaml")
    if not mended.exists():
        return ""
    before, after = (file.read_text(encoding="utf-8").splitlines() for file in (config, mended))
    lines = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
    shown = "\n".join(line for line in lines if not line.startswith("@@"))
    return f"`--fix --unsafe-fixes` makes of it\n\n```diff\n{shown}\n```\n"


def _fix(rule: Rule, cases: Path) -> str:
    """The best fix in the rule's golden cases: `safe`, `unsafe` or a dash."""
    told = {fix for said in cases.glob(f"*/{rule.slug}/*.out") for fix in _told(rule.code, said)}
    return "safe" if "safe" in told else "unsafe" if told else "–"


def _told(code: str, said: Path) -> Iterator[str]:
    for block in said.read_text(encoding="utf-8").split("\n\n"):
        if f"[{code}]" in block.split("\n")[0] and "\n  = fix: " in block:
            yield "unsafe" if block.rstrip().endswith("(check that it is what you mean)") else "safe"


def _fenced(language: str, path: Path) -> str:
    return f"```{language}\n{path.read_text(encoding='utf-8').rstrip()}\n```\n"


def _index(cases: Path) -> str:
    lines = [
        "# Rules",
        "",
        "`mace-scf explain CODE` prints a page. Severity: an *error* crashes or silently trains the",
    ]
    lines += ["wrong thing, a *warning* is probably not what was meant, an *info* is a fact to confirm.", ""]
    lines += [_share(cases), ""]
    lines += [
        "Seen from the trainer: [what it demands, and which of these decides it](trainer-rules.md).",
        "",
    ]
    for letter, title in _FAMILIES.items():
        rules = [rule for rule in all_rules() if rule.code.startswith(letter)]
        if rules:
            lines += [f"## {title}", "", "| code | name | severity | fix | what |", "|---|---|---|---|---|"]
            lines += [_row(rule, cases) for rule in rules] + [""]
    return "\n".join(lines)


def _share(cases: Path) -> str:
    errors = [rule for rule in all_rules() if rule.severity is Severity.ERROR]
    fixed = [rule for rule in errors if _fix(rule, cases) != "–"]
    return (
        f"{len(fixed)} of the {len(errors)} rules that report errors have a *fix*: *safe* ones are carried out by "
        "`--fix`, others with `--unsafe-fixes` too.\nData are never rewritten."
    )


def _row(rule: Rule, cases: Path) -> str:
    title = rule.title.replace("|", "\\|")
    return f"| [{rule.code}]({rule.code}.md) | {rule.slug} | {rule.severity.word} | {_fix(rule, cases)} | {title} |"
