"""`mace-scf explain CODE`: the page of a rule, the same text as in the documentation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ...catalog.registry import trainers
from ...rules import Rule, all_rules, rule_by_code
from ...rules.naming import near_rules
from ...rules.page import page_text
from ..status import CLEAN, USAGE


def run(words: Sequence[str]) -> int:
    """Print the page, or every code with its title."""
    arguments = _parser().parse_args(words)
    if arguments.code is None:
        _list_rules()
        return CLEAN
    rule = rule_by_code(arguments.code)
    if rule is None:
        return _unknown(arguments.code)
    _show(rule)
    return CLEAN


def _list_rules() -> None:
    width = max(len(rule.slug) for rule in all_rules())
    for rule in all_rules():
        print(f"{rule.code}  {rule.slug:<{width}}  {rule.severity.word:<7}  {rule.title}")


def _show(rule: Rule) -> None:
    text = page_text(rule)
    if sys.stdout.isatty():
        from rich.markdown import Markdown

        from ...render.console import PipedConsole

        PipedConsole().print(Markdown(text))
    else:
        sys.stdout.write(text)


def _unknown(code: str) -> int:
    near = near_rules(code)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `mace-scf explain` lists them"
    if not near and any(code in trainer.term_by_name for trainer in trainers()):
        hint = f"; for the loss term: `mace-scf explain-term {code}`"
    print(f"mace-scf: there is no rule `{code}`{hint}", file=sys.stderr)
    return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf explain", description="The page of one rule, or a list of all rules."
    )
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="code such as L201, or slug such as term-without-prediction"
    )
    return parser
