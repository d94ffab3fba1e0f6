"""Suggestions hit what was meant, stay silent on what was not, and are quick."""

from __future__ import annotations

import random
import string
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mace_scf.catalog.suggest import _distance, abbreviations, suggest
from tests.catalog.name_pools import POOLS

ORDINARY_WORDS = Path(__file__).with_name("ordinary_words.txt").read_text().split()
TYPED = string.ascii_lowercase + "_"
WORD = st.text("abc", max_size=5)


def single_slips(name: str) -> set[str]:
    """Every word one insertion, deletion, substitution or swap away."""
    places = range(len(name))
    dropped = {name[:i] + name[i + 1 :] for i in places}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in places[:-1]}
    added = {name[:i] + letter + name[i:] for i in range(len(name) + 1) for letter in TYPED}
    wrong = {name[:i] + letter + name[i + 1 :] for i in places for letter in TYPED}
    return (dropped | swapped | added | wrong) - {name, ""}


def one_slip(name: str, chance: random.Random) -> str:
    """One of the four kinds of slip, each as likely."""
    place = chance.randrange(len(name))
    letter = chance.choice(TYPED)
    return chance.choice(
        [
            name[:place] + name[place + 1 :],
            name[:place] + letter + name[place:],
            name[:place] + letter + name[place + 1 :],
            name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :],
        ]
    )


def hits(slips: list[tuple[str, str]], names: tuple[str, ...]) -> float:
    """Share of (typed, meant) whose first suggestion is what was meant."""
    fair = [(typed, meant) for typed, meant in slips if typed and typed not in names]
    return sum(suggest(typed, names, limit=1) == (meant,) for typed, meant in fair) / len(fair)


def sampled_singles(names: tuple[str, ...], per_name: int) -> list[tuple[str, str]]:
    chance = random.Random(20)
    return [
        (typed, name)
        for name in names
        for typed in chance.sample(sorted(single_slips(name)), min(per_name, len(single_slips(name))))
    ]


def sampled_doubles(names: tuple[str, ...], per_name: int) -> list[tuple[str, str]]:
    chance = random.Random(21)
    return [
        (one_slip(one_slip(name, chance), chance), name)
        for name in names
        if len(name) >= 6
        for _ in range(per_name)
    ]


def random_words(count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(count):
        yield "".join(chance.choices(string.ascii_lowercase, k=chance.randint(6, 12)))


@pytest.mark.parametrize("pool", POOLS)
def test_sampled_single_slips_of_all_names_are_understood(pool: str) -> None:
    names = POOLS[pool]

    share = hits(sampled_singles(names, per_name=60), names)

    assert share >= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOLS)
def test_every_single_slip_of_long_names_is_understood(pool: str) -> None:
    names = POOLS[pool]
    slips = [(typed, name) for name in names if len(name) >= 6 for typed in single_slips(name)]

    share = hits(slips, names)

    assert share >= 0.999


@pytest.mark.parametrize("pool", POOLS)
def test_single_slips_of_the_typical_name_are_understood(pool: str) -> None:
    names = POOLS[pool]

    shares = [hits([(typed, name) for typed in sorted(single_slips(name))[::7]], names) for name in names]

    assert sum(shares) / len(shares) >= 0.99


@pytest.mark.parametrize("pool", POOLS)
def test_sampled_double_slips_of_long_names_are_understood(pool: str) -> None:
    names = POOLS[pool]

    share = hits(sampled_doubles(names, per_name=60), names)

    assert share >= 0.99


@pytest.mark.parametrize("seed", range(3))
def test_random_words_mean_no_option(seed: int) -> None:
    names = POOLS["options"]

    meant = [word for word in random_words(20_000, seed) if suggest(word, names)]

    assert meant == []


@pytest.mark.parametrize("pool", POOLS)
def test_ordinary_words_mean_nothing(pool: str) -> None:
    meant = {word: suggest(word, POOLS[pool]) for word in ORDINARY_WORDS}

    assert {word: names for word, names in meant.items() if names} == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("batchSize", "batch_size"),
        ("BATCH-SIZE", "batch_size"),
        ("batchsize", "batch_size"),
        ("size_batch", "batch_size"),
        ("wandb_watch", "wandb-watch"),
        ("rmax", "r_max"),
        ("max_l", "max_L"),
        ("e0s", "E0s"),
        ("train_files", "train_file"),
        ("charge_key", "charges_key"),
        ("num_epochs", "max_num_epochs"),
        ("lr_scheduler", "lr_scheduler_gamma"),
    ],
)
def test_other_spellings_are_understood(typed: str, meant: str) -> None:
    first, *_ = suggest(typed, POOLS["options"])

    assert first == meant


def test_at_most_three_names_are_suggested_each_once() -> None:
    names = ("dipole_a", "dipole_b", "dipole_c", "dipole_d", "dipole_a")

    suggested = suggest("dipole_x", names)

    assert suggested == ("dipole_a", "dipole_b", "dipole_c")


def test_a_letter_forgotten_is_likelier_than_a_letter_wrong() -> None:
    suggested = suggest("sed", ("std", "seed"))

    assert suggested == ("seed", "std")


@pytest.mark.parametrize("word", ["", "_", "-", "é" * 70_000, "a" * 70_000, "_" * 70_000, "\x00", "s"])
def test_odd_words_mean_nothing(word: str) -> None:
    assert suggest(word, POOLS["terms"]) == ()


def test_no_names_give_no_suggestion() -> None:
    assert suggest("forces", ()) == ()


def test_abbreviations_are_the_longer_names_in_order() -> None:
    assert abbreviations("max_", ("max_ell", "max_", "r_max", "max_L")) == ("max_ell", "max_L")


def slips_by_search(one: str, other: str) -> int:
    """The same distance by trying every edit, breadth first."""
    waiting, slips = deque([one]), {one: 0}
    while other not in slips:
        word = waiting.popleft()
        for new in single_slips_of_three_letters(word) - slips.keys():
            slips[new] = slips[word] + 1
            waiting.append(new)
    return slips[other]


def single_slips_of_three_letters(word: str) -> set[str]:
    nearby = single_slips(word) | ({""} if len(word) == 1 else set())
    return {new for new in nearby if set(new) <= set("abc") and len(new) <= 6}


@settings(max_examples=60, deadline=None)
@given(WORD, WORD)
def test_distance_is_the_least_number_of_slips(one: str, other: str) -> None:
    slips = _distance(one, other, 9)

    assert slips == slips_by_search(one, other)


@given(st.text(TYPED, max_size=12), st.text(TYPED, max_size=12), st.integers(0, 4))
def test_a_bound_only_cuts_the_distance_short(one: str, other: str, bound: int) -> None:
    assert _distance(one, other, bound) == min(_distance(one, other, 99), bound + 1)


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=8))
def test_suggestions_are_names_whatever_the_text(word: str, names: list[str]) -> None:
    assert set(suggest(word, names)) <= set(names)


def test_twenty_thousand_unknown_words_take_a_few_seconds_at_most() -> None:
    names = POOLS["options"]
    words = [f"unknown_option_{number}" for number in range(20_000)]

    start = time.process_time()
    for word in words:
        suggest(word, names)

    assert time.process_time() - start < 5.0  # about 0.3 s; the rest is for slow machines


def test_importing_costs_no_heavy_module() -> None:
    program = "import sys, mace_scf.catalog.suggest; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not {"difflib", "jsonschema", "numpy", "ruamel"} & set(loaded.stdout.split())
