"""Where a key that is unknown here would be known: its block, or its name in this trainer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import attrs

from ..catalog import synonyms
from ..catalog.option import State
from ..catalog.trainer import Trainer

RUN = "the top level of the file"
STAGE = "a stage of `train_schedule`"
LOSS = "the `loss` of a stage"
FIXED_POINT = "`fixed_point_training_options`"
SCF = "`scf`"
HEAD = "the head in `heads`"
INFO_KEYS = "`info_keys` of the head"
ARRAYS_KEYS = "`arrays_keys` of the head"


@attrs.frozen
class Home:
    """A block of a run.

    Attributes:
        phrase: how messages call it.
        names: keys that it takes.
        others: names that other trainers use for some of them.
    """

    phrase: str
    names: frozenset[str]
    others: Mapping[str, str]


def another_name(name: str, here: str, trainer: Trainer, *, is_text: bool = False) -> tuple[str, str]:
    """What an unknown key was meant to be.

    Args:
        name: the key as written.
        here: phrase of the block it stands in.
        trainer: whose keys count.
        is_text: its value is a text, so that it can be no loss term.

    Returns:
        the key of this very block that it is another name for, or ""; and where it belongs
        otherwise, as advice, or "".
    """
    folded = synonyms.folded(name)
    if not (name in _all_names(trainer) or folded in _all_names(trainer)):
        return "", ""
    unlikely = LOSS if is_text else ""
    elsewhere = [home for home in homes(trainer) if home.phrase not in (here, unlikely)]
    meant = next((home.others.get(folded, "") for home in homes(trainer) if home.phrase == here), "")
    exact = next((home.phrase for home in elsewhere if name in home.names), "")
    if exact:
        return meant, f"`{name}` belongs under {exact}"
    known = ((home.others[folded], home.phrase) for home in elsewhere if folded in home.others)
    advice = next((f"use `{other}` in {phrase}" for other, phrase in known), "")
    return meant, advice


@cache
def homes(trainer: Trainer) -> tuple[Home, ...]:
    """Every block with its keys; where a name fits several, the earlier one is meant."""
    blocks = trainer.blocks
    info, arrays = (_properties(trainer, container) for container in ("info_keys", "arrays_keys"))
    groups = frozenset(f"{group}_lr" for group in trainer.parameter_groups)
    stage = frozenset(option.name for option in blocks.stage if option.name != "name") | groups
    return (
        Home(SCF, frozenset(option.name for option in blocks.scf), synonyms.SCF),
        Home(FIXED_POINT, frozenset(option.name for option in blocks.fixed_point), synonyms.FIXED_POINT),
        Home(STAGE, stage, synonyms.STAGE),
        Home(LOSS, frozenset(trainer.term_by_name), synonyms.LOSS),
        Home(INFO_KEYS, info, synonyms.INFO_KEYS),
        Home(ARRAYS_KEYS, arrays, synonyms.ARRAYS_KEYS),
        Home(HEAD, frozenset(("info_keys", "arrays_keys")), synonyms.HEAD),
        Home(RUN, _useful_options(trainer), synonyms.RUN),
    )


@cache
def _all_names(trainer: Trainer) -> frozenset[str]:
    return frozenset(name for home in homes(trainer) for name in (*home.names, *home.others))


def _properties(trainer: Trainer, container: str) -> frozenset[str]:
    return frozenset(quantity.name for quantity in trainer.quantities if quantity.container == container)


def _useful_options(trainer: Trainer) -> frozenset[str]:
    """Nobody should be sent to an option that is removed, refused or ignored."""
    return frozenset(
        spelling
        for option in trainer.options
        if option.state in (State.USED, State.OVERRIDDEN)
        for spelling in option.spellings
    )
