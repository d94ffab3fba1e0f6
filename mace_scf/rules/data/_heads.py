"""What the rules about labels share: the mapped properties of a head, and who would use them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ...catalog.model import LabelInput
from ...catalog.quantity import Container, Quantity
from ...config import Head, Setting
from ...resolve import Verdict, all_hold, stage_lookup
from ...resolve.resolve import NO_KEY
from ..rule import Context

CONTAINERS: tuple[Container, ...] = ("info_keys", "arrays_keys")


@attrs.frozen
class Mapped:
    """One line of a head's maps.

    Attributes:
        container: the map it stands in.
        name: the property.
        key: the file key as written.
        quantity: the property's declaration; None for a name that nobody knows.
    """

    container: Container
    name: str
    key: Setting[str]
    quantity: Quantity | None

    @property
    def is_at_home(self) -> bool:
        """In the map where the trainer looks it up."""
        return self.quantity is not None and self.quantity.container == self.container

    @property
    def is_read(self) -> bool:
        """Mapped to a file key and not switched off by the word that stands for none."""
        return self.key.known and self.key.value != NO_KEY


def mapped(context: Context) -> Iterator[Mapped]:
    """Every line of both maps of the one head; nothing if there is none, or several."""
    head = context.run.head
    if head is None:
        return
    for container in CONTAINERS:
        for name, key in keys_of(head, container).items():
            quantity = context.trainer.quantity_by_name.get(name)
            yield Mapped(container, name, key, quantity if quantity and quantity.container else None)


def keys_of(head: Head, container: Container) -> dict[str, Setting[str]]:
    """One map of a head."""
    return dict(head.info_keys if container == "info_keys" else head.arrays_keys)


def entry_of(head: Head, container: Container) -> Setting[object]:
    """One map of a head as written."""
    return head.info_entry if container == "info_keys" else head.arrays_entry


def read_by_terms(context: Context) -> frozenset[str]:
    """Properties whose values or weights some term of the run reads."""
    return frozenset(
        name
        for stage in context.stages
        for resolution in stage.terms
        if resolution.term is not None
        for name in (*resolution.term.references, resolution.term.weight_of)
    )


def may_be_input(context: Context) -> frozenset[str]:
    """Properties that the model reads as inputs, or may read; of an unknown model, what any reads."""
    setting = context.run.option("model")
    known = context.trainer.model_by_name.get(str(setting.value)) if setting.known else None
    models = context.trainer.models if known is None else (known,)
    inputs = (entry for model in models for entry in model.inputs)
    return frozenset(entry.quantity for entry in inputs if _may_hold(entry, context))


def _may_hold(entry: LabelInput, context: Context) -> bool:
    """Whether nothing known stands against it: options of the run are asked once, those of stages in turn."""
    of_stages = {option.name for option in (*context.trainer.blocks.fixed_point, *context.trainer.blocks.scf)}
    of_run = [condition for condition in entry.when if condition.option not in of_stages]
    if all_hold(of_run, context.run.option) is Verdict.NOT_MET:
        return False
    rest = [condition for condition in entry.when if condition.option in of_stages]
    if not rest or not context.stages:
        return True
    lookups = (stage_lookup(context.run, stage.stage) for stage in context.stages)
    return any(all_hold(rest, lookup) is not Verdict.NOT_MET for lookup in lookups)
