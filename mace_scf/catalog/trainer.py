"""A dated version of a trainer: its options, terms, models, blocks and what it accepts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import attrs

from .model import Model
from .option import Kind, Option
from .quantity import Quantity
from .term import Term


@attrs.frozen(eq=False)
class ErrorTable:
    """One value of ``error_table``.

    Attributes:
        name: the value.
        per_epoch: it prints a line per evaluation.
        final: the final table knows it (if not, the run dies after training, before the models are saved).
        needs: predictions that every validation batch must have.
        note: what is special.
    """

    name: str
    per_epoch: bool = True
    final: bool = True
    needs: tuple[str, ...] = ()
    note: str = ""


@attrs.frozen(eq=False)
class BoundaryMethod:
    """One value of ``electrostatic_pbc_method`` with the periodicities it allows ("TTT", "TTF", "FFF")."""

    name: str
    allowed: tuple[str, ...]
    doc: str = ""


@attrs.frozen(eq=False)
class FieldBlock:
    """A class name accepted in the update or readout mapping of FixedPoint.

    Attributes:
        name: the class.
        slot: ``update``, ``readout`` or the key that takes it (``potential_embedding_cls`` …).
        doc: what it does.
        uses_potential_features: a readout that crashes when SCF made no iteration.
        needs_vectors: an update that reads the second irreps of the hidden features.
        default: what is taken where the mapping is left out.
    """

    name: str
    slot: str
    doc: str = ""
    uses_potential_features: bool = False
    needs_vectors: bool = False
    default: bool = False


@attrs.frozen(eq=False)
class Blocks:
    """The nested mappings of a run: their keys as options, by place.

    Attributes:
        stage: keys of one stage beside ``<group>_lr``.
        fixed_point: keys of ``fixed_point_training_options``.
        scf: keys of its ``scf`` block.
        update, readout: keys of ``fixedpoint_update_config`` and ``field_readout_config``.
        update_passed, readout_passed: keywords that the model itself hands to those blocks, beside all
            irreps, so that they cannot be given.
        info_keys, arrays_keys: quantities legal in the two maps of a head come from the quantities.
    """

    stage: tuple[Option, ...]
    fixed_point: tuple[Option, ...]
    scf: tuple[Option, ...]
    update: tuple[Option, ...] = ()
    readout: tuple[Option, ...] = ()
    update_passed: tuple[str, ...] = ()
    readout_passed: tuple[str, ...] = ()


@attrs.frozen(slots=False, eq=False)
class Trainer:
    """Everything that one trainer version knows and accepts.

    Attributes:
        name: "upstream", "engine".
        doc: which facts, of when.
        dated: ISO date of the newest fact.
        integer_weights: plain integers are accepted as loss weights.
        bare_class_terms: class terms may be given as a bare weight.
        term_check: when an unknown term is noticed.
        file_suffixes: what training and validation files must end in.
        test_suffixes: what test files must end in.
        shard_folders: folders of shards may stand for training and validation files.
        required: options its parser refuses to miss.
        required_labels: properties that the head must map.
        leaves_out_unlabelled: a frame without a label drops out of the terms on it; otherwise it is
            fitted to zeros wherever no weight of the frame says otherwise.
        open_outputs: models beside the declared ones may be trained, with outputs that these lack.
    """

    name: str
    doc: str
    dated: str
    options: tuple[Option, ...]
    terms: tuple[Term, ...]
    models: tuple[Model, ...]
    quantities: tuple[Quantity, ...]
    blocks: Blocks
    error_tables: tuple[ErrorTable, ...]
    boundary_methods: tuple[BoundaryMethod, ...]
    field_blocks: tuple[FieldBlock, ...] = ()
    integer_weights: bool = False
    bare_class_terms: bool = False
    term_check: Literal["start-up", "stage start"] = "stage start"
    file_suffixes: tuple[str, ...] = (".xyz",)
    test_suffixes: tuple[str, ...] = (".xyz",)
    shard_folders: bool = False
    required: tuple[str, ...] = ("name", "heads", "train_schedule", "error_table")
    required_labels: tuple[str, ...] = ("total_charge",)
    leaves_out_unlabelled: bool = False
    open_outputs: bool = False

    @cached_property
    def option_by_name(self) -> Mapping[str, Option]:
        """Options by every accepted spelling."""
        return {spelling: option for option in self.options for spelling in option.spellings}

    @cached_property
    def switches(self) -> frozenset[str]:
        """Options that take no value on the command line, with their opposites."""
        flags = (option for option in self.options if option.kind in (Kind.FLAG, Kind.FLAG_OFF))
        return frozenset(name for option in flags for name in (*option.spellings, option.off_switch) if name)

    def is_of_the_run(self, name: str) -> bool:
        """Whether a condition's option is one of the run, or a key of such a mapping, and not of a stage."""
        return name.partition(".")[0] in self.option_by_name

    @cached_property
    def term_by_name(self) -> Mapping[str, Term]:
        """Terms by name."""
        return {term.name: term for term in self.terms}

    @cached_property
    def model_by_name(self) -> Mapping[str, Model]:
        """Models by name."""
        return {model.name: model for model in self.models}

    @cached_property
    def quantity_by_name(self) -> Mapping[str, Quantity]:
        """Quantities by name."""
        return {quantity.name: quantity for quantity in self.quantities}

    @cached_property
    def error_table_by_name(self) -> Mapping[str, ErrorTable]:
        """Error tables by name."""
        return {table.name: table for table in self.error_tables}

    @cached_property
    def parameter_groups(self) -> tuple[str, ...]:
        """Every ``<group>_lr`` group of any model, once, in catalog order."""
        groups = (group for model in self.models for group in model.parameter_groups)
        return tuple(dict.fromkeys(groups))
