"""Fine-tuning of foundation models in plain mace: parsed by the trainer and never used."""

from __future__ import annotations

from functools import partial

from ..option import Kind, Option, State
from .common import MACE

_ignored = partial(
    Option,
    state=State.INERT,
    group="fine-tuning",
    because="every training starts from scratch, and the trainer never reads the fine-tuning options",
    source=MACE,
)

FINE_TUNING: tuple[Option, ...] = (
    _ignored("foundation_model", Kind.STRING, "Model that plain mace starts fine-tuning from."),
    _ignored(
        "foundation_model_readout",
        Kind.FLAG_OFF,
        "Leaves the readout of the foundation model behind.",
        default=True,
    ),
    _ignored(
        "foundation_model_elements",
        Kind.BOOLEAN_WORD,
        "Keeps every element of the foundation model.",
        default=False,
    ),
    _ignored("foundation_head", Kind.STRING, "Head of the foundation model to start from."),
    _ignored(
        "foundation_filter_elements",
        Kind.BOOLEAN_WORD,
        "Leaves out replay frames with other elements than the new data.",
        default=True,
    ),
    _ignored(
        "multiheads_finetuning",
        Kind.BOOLEAN_WORD,
        "Trains the old and the new data side by side, one head each.",
        default=True,
    ),
    _ignored(
        "pseudolabel_replay",
        Kind.BOOLEAN_WORD,
        "Labels the replay frames with the foundation model itself.",
        default=False,
    ),
    _ignored("weight_pt_head", Kind.NUMBER, "Loss weight of the replay head.", default=1.0),
    _ignored(
        "real_pt_data_ratio_threshold",
        Kind.NUMBER,
        "Least share of new frames beside the replay frames before they are repeated.",
        default=0.1,
    ),
    _ignored(
        "num_samples_pt", Kind.INTEGER, "Number of replay frames to draw.", default=10000, unit="frames"
    ),
    _ignored(
        "force_mh_ft_lr",
        Kind.BOOLEAN_WORD,
        "Keeps the given learning rate in multi-head fine-tuning.",
        default=False,
    ),
    _ignored(
        "subselect_pt",
        Kind.STRING,
        "How the replay frames are drawn.",
        default="random",
        choices=("fps", "random"),
        choice_docs=("spread out in descriptor space", "at random"),
    ),
    _ignored(
        "filter_type_pt",
        Kind.STRING,
        "Which replay frames qualify by their elements.",
        default="none",
        choices=("none", "combinations", "inclusive", "exclusive"),
    ),
    _ignored(
        "disallow_random_padding_pt",
        Kind.FLAG_OFF,
        "Stops random frames from filling up the replay set.",
        default=True,
    ),
    _ignored("pt_train_file", Kind.PATH, "Training frames of the replay head."),
    _ignored("pt_valid_file", Kind.PATH, "Validation frames of the replay head."),
)
