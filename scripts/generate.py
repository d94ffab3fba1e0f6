"""Write or check everything that is generated from the declarations: `python scripts/generate.py [--check]`."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from mace_scf.cards.schema import emit_card_schema
from mace_scf.catalog.registry import trainer, trainers
from mace_scf.extension.schema import emit_extension_schema
from mace_scf.project.read import emit_project_schema
from mace_scf.rules.naming import rule_words
from mace_scf.schema.emit import emit_schema
from mace_scf.schema.files import schema_name

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reference_pages import reference_pages
from rule_pages import rule_pages
from trainer_rules import trainer_rules_page

ROOT = Path(__file__).resolve().parent.parent


def generated() -> Iterator[tuple[Path, str]]:
    """Every generated file with the text it should have."""
    for version in trainers():
        yield ROOT / "schemas" / schema_name(version.name), _json(emit_schema(version))
    yield ROOT / "schemas" / "extension.schema.json", _json(emit_extension_schema())
    yield ROOT / "schemas" / "dataset-card.schema.json", _json(emit_card_schema())
    yield ROOT / "schemas" / "project.schema.json", _json(emit_project_schema(rule_words()))
    pages = {**reference_pages(trainer()), **rule_pages(ROOT / "tests" / "rules")}
    pages |= trainer_rules_page()
    for name, text in pages.items():
        yield ROOT / "docs" / name, text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _leftovers(wanted: set[Path]) -> Iterator[Path]:
    """Pages of rules that are gone."""
    yield from (path for path in sorted((ROOT / "docs" / "rules").glob("*.md")) if path not in wanted)


def drift() -> Iterator[str]:
    """A diff for every generated file that is not as it should be."""
    pairs = list(generated())
    for path, wanted in pairs:
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        if found != wanted:
            name = path.relative_to(ROOT).as_posix()
            yield from difflib.unified_diff(
                found.splitlines(keepends=True), wanted.splitlines(keepends=True),
                f"{name} (committed)", f"{name} (generated)", n=1,
            )  # fmt: skip
    for path in _leftovers({path for path, _ in pairs}):
        yield f"{path.relative_to(ROOT).as_posix()}: no such rule\n"


def main() -> int:
    """Write, or check and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on drift")
    if parser.parse_args().check:
        differences = list(drift())
        sys.stdout.writelines(differences)
        return 1 if differences else 0
    pairs = list(generated())
    for path, text in pairs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in _leftovers({path for path, _ in pairs}):
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
