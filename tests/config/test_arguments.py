"""Words of a command as options, held against the argument parser of Python itself."""

from __future__ import annotations

import argparse
import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mace_scf.catalog.option import Kind, Option
from mace_scf.catalog.registry import trainer
from mace_scf.config import Arguments, read_arguments
from mace_scf.inputs.options import command_words

UPSTREAM = trainer("upstream")
NAMES = (
    "lr",
    "batch_size",
    "name",
    "ema",
    "distributed",
    "restart_latest",
    "device",
    "wandb_log_hypers",
    "clip_grad",
    "compute_stress",
)


def read(*words: str) -> Arguments:
    return read_arguments(command_words(list(words)), UPSTREAM)


def slugs(*words: str) -> list[str]:
    return [problem.slug for problem in read(*words).problems]


def texts(arguments: Arguments) -> dict[str, object]:
    return {
        name: not argument.negated if not argument.values else [value.text for value in argument.values]
        for name, argument in arguments.given.items()
    }


def reference_parser() -> argparse.ArgumentParser:
    """The same ten options in argparse, which the trainer's parser is built on."""
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    for name in NAMES:
        option = UPSTREAM.option_by_name[name]
        if option.off_switch:
            parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS)
        elif option.kind is Kind.FLAG:
            parser.add_argument(f"--{name}", action="store_true", default=argparse.SUPPRESS)
        else:
            nargs = "+" if option.kind is Kind.STRING_LIST else 1
            parser.add_argument(f"--{name}", nargs=nargs, default=argparse.SUPPRESS)
    return parser


WORD = st.sampled_from(
    [
        *(f"--{name}" for name in NAMES),
        "--no-restart_latest",
        "--lr=0.1",
        "--name=a=b",
        "--device=",
        "x",
        "0.01",
        "-1",
        "a b",
    ]
)


@given(st.lists(WORD, max_size=7))
def test_what_argparse_reads_is_read_alike(words: list[str]) -> None:
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            expected = vars(reference_parser().parse_args(words))
    except (argparse.ArgumentError, SystemExit):
        assert [problem for problem in read(*words).problems if problem.severity.word == "error"] != []
        return

    arguments = read(*words)

    assert texts(arguments) == expected


def test_the_last_of_two_flags_wins_and_both_are_named() -> None:
    arguments = read("--lr", "0.1", "--lr", "0.2")

    assert texts(arguments) == {"lr": ["0.2"]}
    (problem,) = arguments.problems
    assert problem.slug == "duplicate-flag"
    assert problem.severity.word == "error"


def test_the_same_value_twice_is_only_a_warning() -> None:
    (problem,) = read("--lr", "0.1", "--lr", "0.1").problems

    assert problem.severity.word == "warning"


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (["--distributed=true"], "switch-with-value"),
        (["--lr"], "missing-value"),
        (["--lr", "--name", "x"], "missing-value"),
        (["stray"], "stray-word"),
        (["--learningrate", "1"], "unknown-key"),
        (["--batch", "4"], "abbreviated-option"),
    ],
)
def test_each_slip_has_its_finding(words: list[str], slug: str) -> None:
    assert slugs(*words) == [slug]


def test_an_abbreviation_counts_as_the_option_it_sets() -> None:
    assert texts(read("--batch", "4")) == {"batch_size": ["4"]}


def test_the_place_of_a_flag_is_the_name_without_dashes() -> None:
    (problem,) = read("--seed", "1", "--lrr", "2").problems

    assert problem.span is not None
    assert (problem.span.column, problem.span.end_column) == (11, 14)


def test_every_option_of_the_catalog_can_be_given() -> None:
    def words(option: Option) -> list[str]:
        return (
            [f"--{option.name}"] if option.kind in (Kind.FLAG, Kind.FLAG_OFF) else [f"--{option.name}", "1"]
        )

    for option in UPSTREAM.options:
        assert read(*words(option)).problems == ()
