"""A trainer and an extension make another trainer; neither is changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from ..catalog.option import Option, State
from ..catalog.trainer import Trainer
from .declaration import SECTIONS, Draft, Edits, Extension, Patch, Section, identity, named_by
from .records import item_key


def apply(trainer: Trainer, extension: Extension) -> Trainer:
    """The trainer with everything that the extension adds, changes and removes.

    The extension must be free of errors in itself; names that do not exist are passed over, see
    :func:`check_extension`. Lists of choices that follow from declarations (models, modes, boundary
    methods) follow them here too.
    """
    declared = {section.name: _applied(section, trainer, extension) for section in SECTIONS}
    whole = {section.home: declared[section.name] for section in SECTIONS if not section.of_blocks}
    nested = {section.home: declared[section.name] for section in SECTIONS if section.of_blocks}
    extended = attrs.evolve(
        trainer,
        name=f"{trainer.name}+{extension.name}",
        doc=f"{trainer.doc} With {extension.name}: {extension.doc}" if extension.doc else trainer.doc,
        dated=max(trainer.dated, extension.dated),
        blocks=attrs.evolve(trainer.blocks, **nested),
        **{**whole, **extension.accepts},
    )
    return _with_choices(extended, extension)


def declarations(trainer: Trainer, section: Section) -> tuple[Any, ...]:
    """What a trainer declares of one kind."""
    found: tuple[Any, ...] = getattr(trainer.blocks if section.of_blocks else trainer, section.home)
    return found


def _applied(section: Section, trainer: Trainer, extension: Extension) -> tuple[Any, ...]:
    before, edits = declarations(trainer, section), extension.of(section.name)
    patches = {patch.name: patch for patch in edits.change}
    kept = (_patched(item, patches.get(identity(item))) for item in before)
    added = (_built(section, draft, before, extension) for draft in edits.add)
    return (*_without(section, kept, edits, extension), *(item for item in added if item is not None))


def _without(section: Section, items: Iterable[Any], edits: Edits, extension: Extension) -> Iterable[Any]:
    """A removed option stays known, so that who still writes it hears why; everything else is gone."""
    gone = {removal.name for removal in edits.remove}
    for item in items:
        if identity(item) not in gone:
            yield item
        elif section.name == "options":
            because = item.because or f"`{extension.name}` has no such option"
            yield attrs.evolve(item, state=State.REMOVED, because=because, required=False)


def _built(section: Section, draft: Draft, before: tuple[Any, ...], extension: Extension) -> Any:
    """A new declaration, by itself or from one that is like it."""
    given = {**draft.values, **named_by(section, draft.name)}
    if not draft.like:
        return section.kind(**given)
    source = next((item for item in before if identity(item) == draft.like), None)
    if source is None:
        return None
    if section.name == "terms":
        # a term that is like another has arithmetic of its own, for which neither formula nor source is known
        like = f"like `{draft.like}`"
        given = {"formula": like, "source": f"extension {extension.name}, {like}", **given}
    return attrs.evolve(source, **given)


def _patched(item: Any, patch: Patch | None) -> Any:
    if patch is None:
        return item
    if isinstance(item, Option) and "choices" in patch.drop:
        item = _without_choices(item, patch.drop["choices"])
    values = dict(patch.values)
    for name in (*patch.drop, *patch.more):
        left = [
            part
            for part in values.get(name, getattr(item, name))
            if item_key(part) not in patch.drop.get(name, ())
        ]
        values[name] = (*left, *patch.more.get(name, ()))
    return attrs.evolve(item, **values)


def _without_choices(option: Option, gone: tuple[str, ...]) -> Option:
    """Choices go with what is said of them."""
    docs = option.choice_docs or ("",) * len(option.choices)
    kept = [pair for pair in zip(option.choices, docs, strict=False) if str(pair[0]) not in gone]
    return attrs.evolve(
        option,
        choices=tuple(choice for choice, _ in kept),
        choice_docs=tuple(doc for _, doc in kept) if option.choice_docs else (),
    )


# --- choices that follow from declarations --------------------------------------------------------


def _with_choices(trainer: Trainer, extension: Extension) -> Trainer:
    required = set(extension.accepts.get("required", ()))
    dropped = set(_required_before(trainer)) - required if required else set()
    models = {model.name: model.doc for model in trainer.models}
    methods = {method.name: method.doc for method in trainer.boundary_methods}
    modes = {mode: "" for model in trainer.models for mode in model.modes}
    options = (_demanded(option, required, dropped) for option in trainer.options)
    following = {"model": models, "electrostatic_pbc_method": methods}
    return attrs.evolve(
        trainer,
        options=tuple(_choosing(option, following.get(option.name)) for option in options),
        blocks=attrs.evolve(
            trainer.blocks,
            fixed_point=tuple(
                _choosing(option, modes if option.name == "mode" else None)
                for option in trainer.blocks.fixed_point
            ),
        ),
    )


def _required_before(trainer: Trainer) -> Iterable[str]:
    return (option.name for option in trainer.options if option.required and option.name != "train_file")


def _demanded(option: Option, required: set[str], dropped: set[str]) -> Option:
    if option.name in required:
        return attrs.evolve(option, required=True)
    return attrs.evolve(option, required=False) if option.name in dropped else option


def _choosing(option: Option, wanted: dict[str, str] | None) -> Option:
    """The option with exactly the wanted choices, the old ones first with what was said of them."""
    if not wanted or set(wanted) == set(option.choices):
        return option
    docs = dict(zip(option.choices, option.choice_docs, strict=False))
    names = [
        *(choice for choice in option.choices if choice in wanted),
        *(n for n in wanted if n not in option.choices),
    ]
    default = option.default if option.default in (*wanted, None) else None
    return attrs.evolve(
        option,
        choices=tuple(names),
        choice_docs=tuple(docs.get(name) or wanted[name] for name in names) if docs else (),
        default=default,
    )
