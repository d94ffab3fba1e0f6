"""Names of other trainers: none is a key of ours, each leads to one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mace_scf.catalog import synonyms
from mace_scf.catalog.registry import trainers
from mace_scf.config.homes import another_name, homes

TRAINERS = {trainer.name: trainer for trainer in trainers()}


@pytest.mark.parametrize("name", TRAINERS)
def test_synonyms_lead_to_keys_of_their_block(name: str) -> None:
    for home in homes(TRAINERS[name]):
        names = home.names | ({"name"} if "lr" in home.names else set())
        assert set(home.others.values()) <= names, home.phrase


@pytest.mark.parametrize("name", TRAINERS)
def test_synonyms_are_no_keys_of_their_block(name: str) -> None:
    for home in homes(TRAINERS[name]):
        assert not set(home.others) & {synonyms.folded(known) for known in home.names}, home.phrase


def test_synonyms_are_written_folded() -> None:
    tables: list[Mapping[str, str]] = [home.others for home in homes(TRAINERS["upstream"])]

    assert [key for table in [*tables, synonyms.VALUES] for key in table if key != synonyms.folded(key)] == []


def test_a_learning_rate_at_the_top_is_sent_into_a_stage() -> None:
    upstream = TRAINERS["upstream"]

    assert another_name("Learning-Rate", "the top level of the file", upstream) == (
        "", "use `lr` in a stage of `train_schedule`"
    )  # fmt: skip


def test_a_label_is_no_loss_term() -> None:
    upstream = TRAINERS["upstream"]

    as_text = another_name("forces", "the top level of the file", upstream, is_text=True)
    as_number = another_name("forces", "the top level of the file", upstream)

    assert as_text[1].endswith("`arrays_keys` of the head")
    assert as_number[1].endswith("the `loss` of a stage")
