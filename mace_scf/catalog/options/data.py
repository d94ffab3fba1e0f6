"""Frames and labels: files, splits, atomic energies, weights per frame type."""

from __future__ import annotations

from functools import partial

from ..option import Condition, Kind, Option, State
from .common import ADDED, MACE, REDEFINED, UNREAD

_mace = partial(Option, group="data", source=MACE)
_ignored = partial(_mace, state=State.INERT)

_SPLIT_ONLY = Condition("valid_file", (None,))

DATA: tuple[Option, ...] = (
    Option(
        "heads",
        Kind.MAPPING,
        "Maps each property to its key in the files, under `info_keys` per frame and `arrays_keys` per atom; "
        "exactly one head.",
        required=True,
        group="data",
        source=REDEFINED,
    ),
    _mace(
        "train_file",
        Kind.PATH,
        "Training frames, an extended XYZ file whose name ends in `.xyz`.",
        required=True,
    ),
    _mace(
        "valid_file",
        Kind.PATH,
        "Validation frames, a file ending in `.xyz`; without it a random share of the training file is "
        "taken.",
    ),
    _mace(
        "valid_fraction",
        Kind.NUMBER,
        "Share of the training file that is set aside for validation.",
        default=0.1,
        minimum=0,
        maximum=1,
        exclusive_minimum=True,
        exclusive_maximum=True,
        only_if=(_SPLIT_ONLY,),
        because="a validation file leaves nothing to split",
    ),
    Option(
        "valid_set_seed",
        Kind.INTEGER,
        "Seed of the split into training and validation frames; left out, `seed` decides. Fix it to compare "
        "seeds on one split.",
        only_if=(_SPLIT_ONLY,),
        because="a validation file leaves nothing to split",
        group="data",
        source=ADDED,
    ),
    _mace(
        "test_file",
        Kind.PATH,
        "Test frames, a file ending in `.xyz`; its elements must occur in the training or validation frames.",
    ),
    _mace(
        "E0s",
        Kind.LITERAL,
        "Energies of the isolated atoms by atomic number, the word `average`, or a `.json` file; frames of "
        "type IsolatedAtom in the training file outrank it.",
        known=("average",),
        unit="eV",
    ),
    _mace(
        "config_type_weights",
        Kind.LITERAL,
        "Factor on the weight of every frame, by its `config_type`; types that it does not name count once.",
        default='{"Default":1.0}',
    ),
    _mace(
        "num_workers",
        Kind.INTEGER,
        "Extra processes that load batches; raise it when the accelerator waits for data.",
        default=0,
        minimum=0,
    ),
    _mace(
        "pin_memory",
        Kind.BOOLEAN_WORD,
        "Loads batches into pinned memory, which speeds up copies to an accelerator.",
        default=True,
    ),
    _mace(
        "test_dir",
        Kind.PATH,
        "Folder of HDF5 test sets in plain mace.",
        state=State.REJECTED,
        because="the trainer reads test frames from one `.xyz` file",
        instead="test_file",
    ),
    _mace(
        "statistics_file",
        Kind.PATH,
        "File of precomputed statistics in plain mace.",
        state=State.REJECTED,
        because="the trainer measures statistics on the training frames",
        instead="E0s, avg_num_neighbors",
    ),
    _ignored(
        "multi_processed_test",
        Kind.BOOLEAN_WORD,
        "Tells plain mace that the test set is split over several files.",
        default=False,
        because=UNREAD,
        instead="test_file",
    ),
    _ignored(
        "atomic_numbers",
        Kind.LITERAL,
        "Element table of plain mace, as a list of atomic numbers.",
        because="the elements are those of the training and validation frames",
    ),
    _ignored(
        "mean",
        Kind.NUMBER,
        "Energy shift of plain mace.",
        unit="eV",
        because="shift and scale are measured on the training frames",
        instead="scaling",
    ),
    _ignored(
        "std",
        Kind.NUMBER,
        "Energy scale of plain mace.",
        because="shift and scale are measured on the training frames",
        instead="scaling",
    ),
    _ignored(
        "keep_isolated_atoms",
        Kind.BOOLEAN_WORD,
        "Lets plain mace train on frames of type IsolatedAtom too.",
        default=False,
        because="the trainer always takes IsolatedAtom frames out of training",
    ),
    _ignored(
        "embedding_specs",
        Kind.LITERAL,
        "Extra scalar inputs that plain mace embeds.",
        because=UNREAD,
    ),
    _ignored(
        "skip_evaluate_heads",
        Kind.STRING,
        "Heads that plain mace leaves out of evaluation.",
        default="pt_head",
        because="the trainer has exactly one head",
    ),
)
