"""Whether the names in an extension exist, and whether what it takes away is needed no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from ..catalog.model import Model
from ..catalog.option import Condition, Option
from ..catalog.term import Term
from ..catalog.trainer import ErrorTable, FieldBlock, Trainer
from ..diagnostics import Diagnostic, Span
from .apply import apply, declarations
from .declaration import SECTIONS, Draft, Extension, Patch, Section, identity, place_of
from .problems import contradiction, dangling, taken
from .records import item_key
from .sound import conditions_of, contradictions

_MAPPINGS = {"fixedpoint_update_config": "update", "field_readout_config": "readout"}
"""Options whose mappings have declared keys, with the blocks that declare them."""


@attrs.frozen
class _Reference:
    """One name that a declaration uses.

    Attributes:
        section: of the declaration.
        owner: its name.
        kind: what is named, for messages.
        name: the name.
    """

    section: str
    owner: str
    kind: str
    name: str


def check_extension(trainer: Trainer, extension: Extension) -> tuple[Diagnostic, ...]:
    """What is wrong with an extension of this trainer; nothing, if it can be applied."""
    known = {section: {identity(item) for item in declarations(trainer, section)} for section in SECTIONS}
    problems = [
        problem for section in SECTIONS for problem in _entries(section, trainer, extension, known[section])
    ]
    extended = apply(trainer, extension)
    before = {reference for reference, _ in _dangling(trainer)}
    found = (pair for pair in _dangling(extended) if pair[0] not in before)
    told = _told(found, extension)
    return tuple(dict.fromkeys([*problems, *told, *contradictions(extended, extension)]))


# --- what is added, changed, removed --------------------------------------------------------------


def _entries(
    section: Section, trainer: Trainer, extension: Extension, known: Collection[str]
) -> Iterator[Diagnostic]:
    edits = extension.of(section.name)
    for draft in edits.add:
        if draft.name in known:
            yield taken(section.word, draft.name, draft.key, trainer.name)
        if draft.like and draft.like not in known:
            span = place_of(draft.node, draft.like, draft.key)
            yield dangling(draft.like, section.word, known, span, f"`{draft.name}`")
    for named in edits.of_existing:
        if named.name not in known:
            verb = "`change`" if isinstance(named, Patch) else "`remove`"
            yield dangling(named.name, section.word, known, named.key, verb)
    items = {identity(item): item for item in declarations(trainer, section)}
    for patch in edits.change:
        if patch.name in items:
            yield from _dropped(patch, items[patch.name])


def _dropped(patch: Patch, item: Any) -> Iterator[Diagnostic]:
    for field, names in patch.drop.items():
        there = [key for key in map(item_key, getattr(item, field)) if key is not None]
        for name in names:
            if name not in there:
                drop = patch.node.get("drop")
                span = place_of(drop.value if drop else None, name, patch.key)
                yield dangling(name, f"an item of `{field}`", there, span, f"`drop` of `{patch.name}`")


# --- names that declarations use ------------------------------------------------------------------


def _dangling(trainer: Trainer) -> Iterator[tuple[_Reference, Collection[str]]]:
    """References to what does not exist, with what does."""
    known = _known(trainer)
    for reference in _references(trainer):
        if reference.name not in known[reference.kind]:
            yield reference, known[reference.kind]


def _known(trainer: Trainer) -> Mapping[str, Collection[str]]:
    nested = (*trainer.blocks.stage, *trainer.blocks.fixed_point, *trainer.blocks.scf)
    blocks = [option.name for option in trainer.blocks.update if option.name.endswith("_cls")]
    return {
        "option": {*trainer.option_by_name, *(option.name for option in nested)},
        "quantity": set(trainer.quantity_by_name),
        "label": {quantity.name for quantity in trainer.quantities if quantity.container},
        "term": set(trainer.term_by_name),
        "key": {
            f"{name}.{option.name}"
            for name, home in _MAPPINGS.items()
            for option in getattr(trainer.blocks, home)
        },
        "slot": {"update", "readout", *blocks},
    }


def _references(trainer: Trainer) -> Iterator[_Reference]:
    readers = {
        Option: _of_option,
        Term: _of_term,
        Model: _of_model,
        ErrorTable: _of_table,
        FieldBlock: _of_block,
    }
    for section in SECTIONS:
        reader: Any = readers.get(section.kind)
        for item in declarations(trainer, section) if reader else ():
            for kind, name in reader(item):
                yield _Reference(section.name, identity(item), kind, name)
    for name in (*trainer.required, *trainer.required_labels):
        yield _Reference("accepts", "accepts", "option" if name in trainer.required else "label", name)


def _of_option(option: Option) -> Iterator[tuple[str, str]]:
    yield from _of_conditions((*option.only_if, *option.not_if))


def _of_conditions(conditions: Iterable[Condition]) -> Iterator[tuple[str, str]]:
    for condition in conditions:
        first, dot, _ = condition.option.partition(".")
        yield "option", first
        if dot and first in _MAPPINGS:
            yield "key", condition.option


def _of_term(term: Term) -> Iterator[tuple[str, str]]:
    yield "quantity", term.quantity
    yield from (("quantity", name) for name in term.predictions)
    yield from (("label", name) for name in term.references)
    yield from (("label", name) for name in (term.weight_of,) if name)


def _of_model(model: Model) -> Iterator[tuple[str, str]]:
    yield from (("quantity", entry.prediction) for entry in model.provides)
    yield from (("quantity", entry.quantity) for entry in model.conserves)
    yield from (("quantity", entry.quantity) for entry in model.inputs)
    yield from (("term", name) for entry in model.recommended for name, _ in entry.terms)
    yield from _of_conditions(conditions_of(model))


def _of_table(table: ErrorTable) -> Iterator[tuple[str, str]]:
    yield from (("quantity", name) for name in table.needs)


def _of_block(block: FieldBlock) -> Iterator[tuple[str, str]]:
    yield "slot", block.slot


def _told(found: Iterable[tuple[_Reference, Collection[str]]], extension: Extension) -> Iterator[Diagnostic]:
    """At the removal that left somebody without it, else at the place of the name in the extension."""
    removals = {
        removal.name: (section, removal)
        for section in SECTIONS
        for removal in extension.of(section.name).remove
    }
    bereft: dict[str, list[str]] = {}
    for reference, known in found:
        if reference.name in removals:
            bereft.setdefault(reference.name, []).append(reference.owner)
        else:
            span = _place(reference, extension)
            yield dangling(reference.name, reference.kind, known, span, f"`{reference.owner}`")
    for name, owners in bereft.items():
        section, removal = removals[name]
        listed = ", ".join(f"`{owner}`" for owner in dict.fromkeys(owners))
        message = f"{section.word} `{name}` is removed, but others need it"
        yield contradiction(
            message, removal.key, notes=(f"it is needed by {listed}",), advice="keep it, or remove these too"
        )


def _place(reference: _Reference, extension: Extension) -> Span:
    """Where the name stands in the declaration; a condition on ``mapping.key`` names the mapping."""
    owner = _owner(reference, extension)
    places = (place_of(owner, word, _NOWHERE) for word in (reference.name, f"{reference.name}.type"))
    return next((place for place in places if place != _NOWHERE), _key(reference, extension))


_NOWHERE = Span("")


def _owner(reference: _Reference, extension: Extension) -> Any:
    if reference.section == "accepts":
        return extension.accepts_node
    return next((entry.node for entry in _touched(reference, extension)), None)


def _touched(reference: _Reference, extension: Extension) -> Iterator[Draft | Patch]:
    edits = extension.of(reference.section)
    yield from (entry for entry in edits.declared if entry.name == reference.owner)


def _key(reference: _Reference, extension: Extension) -> Span:
    return next((entry.key for entry in _touched(reference, extension)), extension.extends_span)
