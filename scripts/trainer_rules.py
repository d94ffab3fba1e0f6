"""The page of what the trainer demands or silently assumes and what decides it, from `docs/trainer-rules.yaml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
from ruamel.yaml import YAML

from mace_scf.rules import rule_by_code

TABLE = Path(__file__).resolve().parent.parent / "docs" / "trainer-rules.yaml"

# where a rule is decided -> what that means
SOURCES = {
    "config": "the file alone",
    "launcher": "the training command, too",
    "declarations": "what the trainer version, its models and terms declare",
    "data": "the label files, or a card of them",
    "open": "the data could decide it, and nothing does yet",
    "run": "nothing before the run; the reason is given",
    "accepted": "nothing to decide: it looks wrong and is right, and no error may fall on it",
}


@attrs.frozen
class Proof:
    """A golden case in which a code is reported.

    Attributes:
        case: path below `tests/rules`, without its suffix.
        text: stands in the first line of the finding.
    """

    case: str
    text: str = ""


@attrs.frozen
class TrainerRule:
    """One thing that the trainer demands, does or assumes.

    Attributes:
        id: our own name for it, which stays.
        says: the fact, as a clause about the config, the command or the data.
        breaks: when and how the trainer reacts.
        sources: what decides it; keys of `SOURCES`.
        proofs: by code, a case that shows the finding.
        why: why nothing can decide it before the run.
        case: for what is accepted, a case on which no error falls.
        holds: text that this case must have.
    """

    id: str
    says: str
    breaks: str = ""
    sources: tuple[str, ...] = ()
    proofs: Mapping[str, Proof] = attrs.field(factory=dict)
    why: str = ""
    case: str = ""
    holds: str = ""


@attrs.frozen
class Group:
    """Rules about one subject, in the order of the page."""

    title: str
    rules: tuple[TrainerRule, ...]


@attrs.frozen
class TrainerRules:
    """The whole table.

    Attributes:
        groups: by subject.
        own: code -> what it is about, for findings that are not about a rule of the trainer.
    """

    groups: tuple[Group, ...]
    own: Mapping[str, str]

    @property
    def rules(self) -> tuple[TrainerRule, ...]:
        """All of them, in the order of the page."""
        return tuple(rule for group in self.groups for rule in group.rules)


def read_trainer_rules(path: Path = TABLE) -> TrainerRules:
    """The table as written; a key that is not one of a rule's is a TypeError."""
    table = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    groups = tuple(Group(group["title"], tuple(map(_rule, group["rules"]))) for group in table["groups"])
    own = {code: entry["about"] for entry in table["own"] for code in entry["codes"]}
    return TrainerRules(groups, own)


def _rule(fields: dict[str, Any]) -> TrainerRule:
    sources = fields.pop("from")
    proofs = {code: Proof(*text.split(" shows ")) for code, text in fields.pop("codes", {}).items()}
    return TrainerRule(
        sources=tuple([sources] if isinstance(sources, str) else sources), proofs=proofs, **fields
    )


def trainer_rules_page() -> dict[str, str]:
    """The page by its file name below `docs/`."""
    table = read_trainer_rules()
    lines = [*_head(table), *(line for group in table.groups for line in _section(group)), *_own(table)]
    return {"rules/trainer-rules.md": "\n".join(lines) + "\n"}


def _head(table: TrainerRules) -> list[str]:
    counts = Counter(source for rule in table.rules for source in rule.sources)
    meanings = [f"| {source} | {meaning} | {counts[source]} |" for source, meaning in SOURCES.items()]
    return [
        "# What the trainer demands, and what decides it",
        "",
        f"{len(table.rules)} rules that the trainer enforces or silently assumes. Each is decided by a code before the",
        "run, or says why it cannot be. The table is `docs/trainer-rules.yaml`; behind every code in it stands a case",
        "in `tests/rules/` in which the finding appears, and the tests hold the two together.",
        "",
        "| decided from | that is | rules |",
        "|---|---|---|",
        *meanings,
        "",
        "A rule may be decided from several of them; where what decides it was not seen, nothing is reported.",
        "",
    ]


def _section(group: Group) -> list[str]:
    head = [
        f"## {group.title}",
        "",
        "| name | rule | when it shows | decided from | by |",
        "|---|---|---|---|---|",
    ]
    return [*head, *map(_row, group.rules), ""]


def _row(rule: TrainerRule) -> str:
    name = f'<a id="{rule.id}"></a>`{rule.id}`'
    cells = (name, rule.says, rule.breaks or "–", ", ".join(rule.sources), _by(rule))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _by(rule: TrainerRule) -> str:
    """The codes with their names, else the reason, else the case that must stay silent."""
    codes = ", ".join(f"[{code}]({code}.md)" for code in rule.proofs)
    reason = f"{codes}; {rule.why}" if codes and rule.why else codes or rule.why
    holds = rule.holds.replace("\ufeff", "U+FEFF ")
    silent = f"no error on [`{holds}`](../../tests/rules/{rule.case}.yaml)" if rule.case else ""
    return reason or silent


def _own(table: TrainerRules) -> list[str]:
    lines = ["## Of the tool itself", "", "Codes that are not about a rule of the trainer.", ""]
    lines += ["| code | name | about |", "|---|---|---|"]
    return [*lines, *(_own_row(code, about) for code, about in sorted(table.own.items()))]


def _own_row(code: str, about: str) -> str:
    rule = rule_by_code(code)
    return f"| [{code}]({code}.md) | {rule.slug if rule else ''} | {about} |"
