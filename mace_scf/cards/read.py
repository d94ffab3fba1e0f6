"""From the text of a card to profiles by split, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from ..catalog.option import is_whole
from ..dataset.card import card_lines, from_dict
from ..dataset.profile import DatasetProfile
from ..diagnostics import Diagnostic, Severity, Span
from ..extension.problems import LEFT_OUT, contradiction, unreadable
from ..extension.shapes import UNREAD, Problems
from ..source import Entry, Node, Scalar, editor_object, parse_yaml
from ..source import Mapping as MappingNode
from .declared import CARD, DeclaredCard, Split
from .measured import count_problems, is_sound, structural_problems
from .profile import profile_of

NOT_USED = "the card is not used: what depends on the data stays unknown"


@attrs.frozen(eq=False)
class Card:
    """A card that was read.

    Attributes:
        file: its name.
        splits: profiles by split; a measured card holds one, under "".
        declared: what was written by hand, by split.
        problems: what is wrong with it; with an error there are no profiles.
    """

    file: str
    splits: Mapping[str, DatasetProfile] = attrs.field(factory=dict)
    declared: Mapping[str, Split] = attrs.field(factory=dict)
    problems: tuple[Diagnostic, ...] = ()


def read_card(text: str, *, file: str) -> Card:
    """Read a card of either form; its mistakes are findings in it."""
    measured = _as_written(text)
    if measured is not None:
        return Card(file, {"": measured})
    document = parse_yaml(text, file=file)
    problems: Problems = list(document.problems)
    card = Card(file)
    if document.mapping is not None:
        reader = _measured if document.mapping.get("card_version") else _declared
        card = reader(file, document.mapping, problems)
    elif document.parsed:
        what = "is empty" if document.root is None else "holds no mapping"
        advice = "write `version: 1` and `splits`, or let `mace-scf profile -o` write the card"
        problems.append(unreadable(f"this is no dataset card: it {what}", Span(file), advice=advice))
    return _closed(card, problems)


def _closed(card: Card, problems: Iterable[Diagnostic]) -> Card:
    """With what is wrong, and without profiles if that is an error."""
    told = tuple(
        attrs.evolve(problem, when=NOT_USED) if problem.when == LEFT_OUT or problem.code == "E108" else problem
        for problem in problems
    )  # fmt: skip
    if any(problem.severity >= Severity.ERROR for problem in told):
        return Card(card.file, problems=told)
    return attrs.evolve(card, problems=told)


# --- measured -------------------------------------------------------------------------------------


def _as_written(text: str) -> DatasetProfile | None:
    """Line by line, as `mace-scf profile` writes it, which is fast; None where it is anything else."""
    if "\ncard_version:" not in f"\n{text}":
        return None
    try:
        data = card_lines(text)
        return from_dict(data) if is_sound(data) else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def _measured(file: str, root: MappingNode, problems: Problems) -> Card:
    found = list(structural_problems(root)) or list(count_problems(root))
    problems += found
    if found:
        return Card(file)
    try:
        return Card(file, {"": from_dict(editor_object(root))})
    except (ValueError, KeyError, TypeError, IndexError) as error:
        advice = "measure again with `mace-scf profile -o`"
        problems.append(unreadable(f"the card does not fit together: {error}", Span(file), advice=advice))
        return Card(file)


# --- declared -------------------------------------------------------------------------------------


def _declared(file: str, root: MappingNode, problems: Problems) -> Card:
    card: Any = CARD.build("the card", root, problems, {}, root.span)
    keys = {entry.value.span: entry.key.span for entry in (*root, *_lines(root.get("splits")))}
    problems[:] = [_at_key(problem, keys) for problem in problems]
    nodes = dict(_split_nodes(root))
    for name, node in nodes.items():
        problems += _contradictions(name, node)
    if problems or card is UNREAD or not isinstance(card, DeclaredCard):
        return Card(file)
    declared = {name: getattr(card.splits, name) for name in nodes}
    if not declared:
        problems.append(
            contradiction("the card declares no split", root.span, advice="write `train` under `splits`")
        )
    return Card(file, {name: profile_of(split, file) for name, split in declared.items()}, declared)


def _at_key(problem: Diagnostic, keys: Mapping[Span, Span]) -> Diagnostic:
    """What is missing in a block is said at its key, not over all its lines."""
    if problem.code != "E104" or problem.span is None:
        return problem
    return attrs.evolve(problem, span=keys.get(problem.span, problem.span))


def _split_nodes(root: MappingNode) -> Iterator[tuple[str, MappingNode]]:
    splits = root.get("splits")
    for entry in splits.value if splits is not None and isinstance(splits.value, MappingNode) else ():
        if isinstance(entry.value, MappingNode):
            yield entry.name, entry.value


def _contradictions(name: str, split: MappingNode) -> Iterator[Diagnostic]:
    """Counts larger than the number of frames."""
    frames = _count(split.get("frames"))
    if frames is None:
        return
    references, pbc = split.get("references"), split.get("pbc")
    for entry in _lines(references):
        line = entry.value.get("frames") if isinstance(entry.value, MappingNode) else None
        count = _count(line)
        if line is not None and count is not None and count > frames:
            yield _too_many(f"`{entry.name}` is in {count} frames", name, frames, line.value)
    counts = [(entry, _count(entry)) for entry in _lines(pbc)]
    total = sum(count for _, count in counts if count is not None)
    if pbc is not None and total > frames:
        yield _too_many(f"`pbc` counts {total} frames", name, frames, pbc.value)


def _lines(entry: Entry | None) -> Iterable[Entry]:
    return entry.value if entry is not None and isinstance(entry.value, MappingNode) else ()


def _count(entry: Entry | None) -> int | None:
    value = entry.value.editor_value if entry is not None and isinstance(entry.value, Scalar) else None
    return value if is_whole(value) and value >= 0 else None


def _too_many(what: str, split: str, frames: int, node: Node) -> Diagnostic:
    return contradiction(
        f"{what}, but `{split}` has {frames}", node.span, advice="correct the smaller or the larger number"
    )
