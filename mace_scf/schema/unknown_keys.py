"""Keys that the schema does not know at their place: what was meant, and where they belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import attrs

from ..catalog.option import State
from ..catalog.trainer import Trainer
from ..config import homes
from ..config.argument_problems import abbreviated
from ..config.argument_words import completed
from ..config.homes import another_name
from ..config.problems import unknown_key
from ..diagnostics import Diagnostic, Severity
from ..source import Entry, Mapping, Node, Scalar
from .numbering import is_stage_number
from .places import Path, node_at, place_of

Rename: TypeAlias = tuple[Path, str, str]
"""Path of a mapping, a key in it, and the key that was meant."""


@attrs.frozen(eq=False)
class _Block:
    """A mapping, the keys that the schema knows in it, and where it stands."""

    path: Path
    mapping: Mapping
    legal: tuple[str, ...]
    present: tuple[str, ...]
    trainer: Trainer

    @property
    def is_run(self) -> bool:
        return self.path == ()

    def has(self, name: str) -> bool:
        return self.mapping.get(name) is not None


@attrs.frozen(eq=False)
class _Unknown:
    """What is said of a key, and the one that was surely meant, if there is such."""

    finding: Diagnostic
    key: str
    meant: str = ""


def unknown_keys(error: Any, root: Mapping, trainer: Trainer) -> tuple[list[Diagnostic], list[Rename]]:
    """The schema names the legal keys of a place; what is said of the others, and what they were meant to be."""
    path: Path = tuple(error.absolute_path)
    mapping = node_at(root, path)
    if not isinstance(mapping, Mapping):
        return [], []
    if "patternProperties" in error.schema:
        return [_bad_stage_key(entry) for entry in mapping if not is_stage_number(entry.name)][:1], []
    present = tuple(entry.name for entry in mapping)
    block = _Block(path, mapping, tuple(error.schema.get("properties", ())), present, trainer)
    found = [each for entry in mapping if entry.name not in block.legal for each in _unknown(entry, block)]
    renames = [(path, each.key, each.meant) for each in found if each.meant and not block.has(each.meant)]
    return list(_without_rivals(each.finding for each in found)), renames


def _unknown(entry: Entry, block: _Block) -> Iterator[_Unknown]:
    full = completed(entry.name, block.trainer) if block.is_run else None
    dashed = _behind_dashes(entry.name, block.trainer) if block.is_run else ""
    if full is not None:
        yield _Unknown(abbreviated(entry.key, full.name), entry.name, full.name)
    elif dashed:
        yield _Unknown(_with_dashes(entry, dashed), entry.name, dashed)
    elif not (block.is_run and _is_ruled(entry.name, block.trainer)):
        yield _foreign(entry, block)


def _foreign(entry: Entry, block: _Block) -> _Unknown:
    """A key of another place, by another name, or mistyped."""
    place, is_text = _home_of(block.path), _is_word(entry.value)
    meant, advice = another_name(entry.name, place, block.trainer, is_text=is_text)
    if meant not in block.legal or block.has(meant):
        meant = ""
    advice = "" if meant else advice
    finding = unknown_key(
        entry.key, block.legal, place=place_of(block.path), meant=meant, advice=advice, taken=block.present
    )
    sure = finding.suggestions[0] if len(finding.suggestions) == 1 and not advice else ""
    return _Unknown(_in_the_loss(finding, block.path), entry.name, sure)


def _without_rivals(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Where two keys of a mapping may mean the same one, nobody knows which of them shall be it."""
    every = list(findings)
    meant: Counter[tuple[str, ...]] = Counter(
        finding.suggestions for finding in every if len(finding.suggestions) == 1
    )
    for finding in every:
        yield attrs.evolve(finding, fix=None) if meant[finding.suggestions] > 1 else finding


def _behind_dashes(name: str, trainer: Trainer) -> str:
    """The option of a key that is written as on the command line; "" where it is no such key."""
    bare = name.strip("-")
    option = trainer.option_by_name.get(bare)
    if option is None or bare == name or option.state is State.REMOVED:
        return ""
    return bare if name == f"--{bare}" or bare not in trainer.switches else ""


def _with_dashes(entry: Entry, meant: str) -> Diagnostic:
    finding = unknown_key(entry.key, (meant,), place="the run", meant=meant)
    when = f"the trainer takes it as `{meant}`; editors and other readers of the file know no such key"
    return attrs.evolve(finding, message=f"`{entry.name}` is spelt as on the command line", when=when)


def _is_word(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.editor_value, str)


def _is_ruled(name: str, trainer: Trainer) -> bool:
    """Names that the schema does not offer but a rule speaks of: removed options and switches without effect."""
    return name in trainer.option_by_name or name in trainer.switches


def _in_the_loss(finding: Diagnostic, path: Path) -> Diagnostic:
    """Unknown terms and unknown options of terms have codes of their own."""
    if path[-1:] == ("loss",):
        message = finding.message.replace("unknown key", "unknown loss term").removesuffix(" in the loss")
        return attrs.evolve(finding, code="L101", slug="unknown-term", message=message, when="")
    if path[2:3] == ("loss",):
        return attrs.evolve(finding, code="L105", slug="unknown-term-option", when="")
    return finding


def _bad_stage_key(entry: Entry) -> Diagnostic:
    return Diagnostic(
        "S102", "stage-key", Severity.ERROR, f"`{entry.name}` is no stage number", entry.key.span,
        when="the trainer stops at start-up", help="number the stages 0, 1, 2, …",
    )  # fmt: skip


def _home_of(path: Path) -> str:
    if not path:
        return homes.RUN
    if path[0] == "heads":
        return {"info_keys": homes.INFO_KEYS, "arrays_keys": homes.ARRAYS_KEYS}.get(str(path[-1]), homes.HEAD)
    last = {"scf": homes.SCF, "loss": homes.LOSS}.get(str(path[-1]))
    if last is None and path[-1] in ("fixed_point_training_options", "scf_training_options"):
        return homes.FIXED_POINT
    return last or homes.STAGE


def with_renames(root: Mapping, renames: Iterable[Rename]) -> Mapping:
    """The document with each of these keys under the name that was meant."""
    for path, old, new in renames:
        renamed = _replace(root, path, old, new)
        assert isinstance(renamed, Mapping)
        root = renamed
    return root


def _replace(node: Node, path: Path, old: str, new: str) -> Node:
    if not isinstance(node, Mapping):
        return node
    if not path:
        entries = (
            attrs.evolve(entry, key=attrs.evolve(entry.key, text=new)) if entry.name == old else entry
            for entry in node
        )
        return attrs.evolve(node, entries=tuple(entries))
    entries = (
        attrs.evolve(entry, value=_replace(entry.value, path[1:], old, new))
        if entry.name == str(path[0])
        else entry
        for entry in node
    )
    return attrs.evolve(node, entries=tuple(entries))
