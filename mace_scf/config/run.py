"""A whole run as typed values: options, heads and stages, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NewType

import attrs

from ..diagnostics import Span
from ..source import Mapping as MappingNode
from .setting import Setting

LenientFloat = NewType("LenientFloat", float)
"""A number that may also be written as a text, because the trainer converts it itself."""


@attrs.frozen(eq=False)
class TermEntry:
    """One line of a loss mapping.

    Attributes:
        name: the term as written.
        key_span: its place.
        node: the value as written.
        weight: the weight, bare or from the mapping form.
        options: options beside ``weight`` in the mapping form.
        is_mapping: written as ``{weight: …}``.
    """

    name: str
    key_span: Span
    node: Any
    weight: Setting[float]
    options: Mapping[str, Setting[Any]] = attrs.field(factory=dict)
    is_mapping: bool = False


@attrs.frozen(eq=False)
class ScfOptions:
    """The ``scf`` block of a fixed-point stage; ``others`` holds the keys that an extension declares."""

    span: Span
    num_scf_steps: Setting[int] = Setting("num_scf_steps")
    scf_tolerance: Setting[LenientFloat] = Setting("scf_tolerance")
    mixing_parameter: Setting[LenientFloat] = Setting("mixing_parameter")
    constant_charge: Setting[bool] = Setting("constant_charge")
    use_autograd_forces: Setting[bool] = Setting("use_autograd_forces")
    initial_density: Setting[str] = Setting("initial_density")
    initial_fermi_level: Setting[str] = Setting("initial_fermi_level")
    others: Mapping[str, Setting[Any]] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class FixedPointOptions:
    """``fixed_point_training_options`` of a stage, or the deprecated flat ``scf_training_options``.

    Attributes:
        key_span: place of the block's key.
        span: place of the block.
        deprecated: written as ``scf_training_options``.
        others: keys that an extension declares.
        scf: the nested block, or the flat keys of the deprecated form; ``None`` if absent or null.
        scf_entry: the key ``scf`` as written, even when null.
    """

    key_span: Span
    span: Span
    deprecated: bool = False
    mode: Setting[str] = Setting("mode")
    linear_solve: Setting[str] = Setting("linear_solve")
    fixedpoint_scf_stability: Setting[Any] = Setting("fixedpoint_scf_stability")
    others: Mapping[str, Setting[Any]] = attrs.field(factory=dict)
    scf: ScfOptions | None = None
    scf_entry: Setting[Any] = Setting("scf")


@attrs.frozen(eq=False)
class Stage:
    """One entry of ``train_schedule``.

    Attributes:
        index: position in the file, from 0.
        key: the stage number as written.
        span: place of the stage's mapping.
        node: the stage as written.
        loss: its terms by name, in order.
        loss_entry: the key ``loss`` as written.
        group_lrs: ``<group>_lr`` settings by group.
        blocks: the fixed-point blocks found (normally none or one).
    """

    index: int
    key: Setting[Any]
    span: Span
    node: MappingNode
    name: Setting[str] = Setting("name")
    start: Setting[int] = Setting("start")
    end: Setting[int] = Setting("end")
    lr: Setting[float] = Setting("lr")
    loss: Mapping[str, TermEntry] = attrs.field(factory=dict)
    loss_entry: Setting[Any] = Setting("loss")
    group_lrs: Mapping[str, Setting[float]] = attrs.field(factory=dict)
    blocks: tuple[FixedPointOptions, ...] = ()

    @property
    def fixed_point(self) -> FixedPointOptions | None:
        """The stage's fixed-point options, if there is exactly one block."""
        return self.blocks[0] if len(self.blocks) == 1 else None

    @property
    def mode(self) -> Setting[str]:
        """Training mode, unknown where the stage has no readable block."""
        block = self.fixed_point
        return Setting("mode") if block is None else block.mode

    @property
    def title(self) -> str:
        """``stage 1 "unroll"`` for messages; a text that stands for the number in quotes."""
        name = f' "{self.name.value}"' if self.name.value else ""
        key = self.index if self.key.value is None else self.key.value
        return f"stage {f'`{key}`' if isinstance(key, str) and not key.isdigit() else key}{name}"


@attrs.frozen(eq=False)
class Head:
    """One head: which file keys carry which labels.

    Attributes:
        name: the head's name and place.
        node: its mapping as written.
        info_keys, arrays_keys: property to file key.
        info_entry, arrays_entry: the two maps as written.
    """

    name: Setting[str]
    node: Any
    info_keys: Mapping[str, Setting[str]] = attrs.field(factory=dict)
    arrays_keys: Mapping[str, Setting[str]] = attrs.field(factory=dict)
    info_entry: Setting[Any] = Setting("info_keys")
    arrays_entry: Setting[Any] = Setting("arrays_keys")

    def key_of(self, quantity: str, container: str | None = None) -> Setting[str] | None:
        """The file key mapped for a property, in the map where the trainer looks it up."""
        if container == "info_keys":
            return self.info_keys.get(quantity)
        if container == "arrays_keys":
            return self.arrays_keys.get(quantity)
        return self.arrays_keys.get(quantity) or self.info_keys.get(quantity)


@attrs.frozen(eq=False)
class RunConfig:
    """The run as far as it was seen.

    Attributes:
        options: every option of the trainer by its first name, given, defaulted or unknown.
        heads: the heads as written (the trainer wants exactly one); empty where none was seen.
        stages: the stages in file order.
        complete: nothing can be added from elsewhere, so defaults apply.
        is_fragment: a schedule without heads and without any start or end.
    """

    options: Mapping[str, Setting[Any]]
    heads: tuple[Head, ...] = ()
    stages: tuple[Stage, ...] = ()
    complete: bool = False
    is_fragment: bool = False

    def option(self, name: str) -> Setting[Any]:
        """The setting of an option, or of a key of such a mapping (``fixedpoint_update_config.type``).

        Unknown where the trainer has no such option.
        """
        found = self.options.get(name)
        return found or (_of_mapping(name, self.options) if "." in name else Setting(name))

    @property
    def head(self) -> Head | None:
        """The head, if there is exactly one."""
        return self.heads[0] if len(self.heads) == 1 else None

    def given(self) -> Iterator[Setting[Any]]:
        """Every option written in the file or on the command line."""
        return (setting for setting in self.options.values() if setting.given)


def _of_mapping(name: str, options: Mapping[str, Setting[Any]]) -> Setting[Any]:
    """A key of an option that holds a mapping; None where the mapping is known and lacks it."""
    first, _, key = name.partition(".")
    holder = options.get(first)
    if holder is None or not holder.known:
        return Setting(name)
    value = holder.value.get(key) if isinstance(holder.value, dict) else None
    entry = holder.node.get(key) if isinstance(holder.node, MappingNode) else None
    node, place = (entry.value, entry.key.span) if entry is not None else (None, holder.key_span)
    return attrs.evolve(holder, name=name, value=value, node=node, key_span=place, raw=value)
