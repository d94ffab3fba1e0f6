"""The documentation's page of every rule, with its golden example, and their index."""

from __future__ import annotations

from pathlib import Path

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
    "B": "Balance",
    "E": "Extensions and project files",
}


def rule_pages(cases: Path) -> dict[str, str]:
    """Pages by file name below `docs/`."""
    pages = {f"rules/{rule.code}.md": page_text(rule, _example(rule, cases)) for rule in all_rules()}
    return {**pages, "rules/README.md": _index()}


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
            return f"## Example\n\n{_fenced('yaml', config)}\n{launcher}\n{_fenced('text', said)}\n"
    return ""


def _fenced(language: str, path: Path) -> str:
    return f"```{language}\n{path.read_text(encoding='utf-8').rstrip()}\n```\n"


def _index() -> str:
    lines = [
        "# Rules",
        "",
        "`mace-scf explain CODE` prints a page. Severity: an *error* crashes or silently trains the",
    ]
    lines += ["wrong thing, a *warning* is probably not what was meant, an *info* is a fact to confirm.", ""]
    lines += [
        "Seen from the trainer: [what it demands, and which of these decides it](trainer-rules.md).",
        "",
    ]
    for letter, title in _FAMILIES.items():
        rules = [rule for rule in all_rules() if rule.code.startswith(letter)]
        if rules:
            lines += [f"## {title}", "", "| code | name | severity | what |", "|---|---|---|---|"]
            lines += [_row(rule) for rule in rules] + [""]
    return "\n".join(lines)


def _row(rule: Rule) -> str:
    title = (type(rule).__doc__ or "").split("\n")[0].replace("|", "\\|")
    return f"| [{rule.code}]({rule.code}.md) | {rule.slug} | {rule.severity.word} | {title} |"
