"""The options of the trainer: complete, spelt exactly, consistent, and quick to build."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from mace_scf.catalog.boundary import BOUNDARY_METHODS
from mace_scf.catalog.error_tables import ERROR_TABLES
from mace_scf.catalog.field_blocks import FIELD_BLOCKS
from mace_scf.catalog.option import Kind, Option, State
from mace_scf.catalog.options import OPTIONS
from mace_scf.catalog.stage_keys import FIXED_POINT, READOUT, SCF, STAGE, UPDATE

KIND_OF_WORD = {
    "str": Kind.STRING,
    "path": Kind.PATH,
    "int": Kind.INTEGER,
    "float": Kind.NUMBER,
    "float-or-None": Kind.NUMBER_OR_NONE_WORD,
    "bool-word": Kind.BOOLEAN_WORD,
    "strict-bool": Kind.STRICT_BOOLEAN,
    "flag": Kind.FLAG,
    "flag-off": Kind.FLAG_OFF,
    "literal": Kind.LITERAL,
    "irreps": Kind.IRREPS,
    "mapping": Kind.MAPPING,
    "strings": Kind.STRING_LIST,
}
PYTHON_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.INTEGER: (int,),
    Kind.NUMBER: (float,),
    Kind.NUMBER_OR_NONE_WORD: (float,),
    Kind.BOOLEAN_WORD: (bool,),
    Kind.STRICT_BOOLEAN: (bool,),
    Kind.FLAG: (bool,),
    Kind.FLAG_OFF: (bool,),
    Kind.STRING_LIST: (tuple,),
}
DASHED = {
    "wandb-watch",
    "wandb-watch-log-freq",
    "debug-log-grad-summary",
    "log-all-ranks",
    "fixedpoint-initial-charge-head-scale",
    "skip-scf-convergence-summary",
    "scf-convergence-summary",
}
NESTED = (STAGE, FIXED_POINT, SCF, UPDATE, READOUT)
EVERY = [*OPTIONS, *(option for place in NESTED for option in place)]
BY_NAME = {option.name: option for option in OPTIONS}


def expected_options() -> list[tuple[str, Kind, object]]:
    """Name, kind and default of every option, from a list that does not come from the catalog."""
    lines = Path(__file__).with_name("upstream_options.txt").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split(" | ") for line in lines)
    return [(name, KIND_OF_WORD[word], ast.literal_eval(default)) for name, word, default in rows]


def test_each_option_of_the_trainer_is_declared_with_its_kind_and_default() -> None:
    declared = {option.name: (option.kind, option.default) for option in OPTIONS}

    for name, kind, default in expected_options():
        assert declared.get(name) == (kind, default), name


def test_no_option_is_declared_that_the_trainer_does_not_know() -> None:
    known = {name for name, _, _ in expected_options()}

    assert {option.name for option in OPTIONS} == known


@pytest.mark.parametrize("place", [OPTIONS, *NESTED])
def test_spellings_are_unique_within_one_place(place: tuple[Option, ...]) -> None:
    spellings = [spelling for option in place for spelling in option.spellings]

    assert len(spellings) == len(set(spellings))


def test_dashes_stand_where_the_parser_has_them_and_nowhere_else() -> None:
    dashed = {spelling for option in OPTIONS for spelling in option.spellings if "-" in spelling}

    assert dashed == DASHED
    assert not any("_" in name for name in DASHED)


def test_second_stage_options_are_known_by_both_names() -> None:
    aliases = {option.name: option.aliases for option in OPTIONS if option.aliases}

    expected = {name: (name.replace("swa", "stage_two"),) for name in BY_NAME if "swa" in name}
    assert aliases == expected
    assert len(aliases) == 9


def violators(claim: Callable[[Option], bool]) -> list[str]:
    """Options, of every place, for which the claim does not hold."""
    return [option.name for option in EVERY if not claim(option)]


def test_a_default_is_one_of_the_choices() -> None:
    def holds(option: Option) -> bool:
        allowed = option.choices or option.known
        return option.default is None or not allowed or option.default in allowed

    assert violators(holds) == []


def test_a_default_is_within_the_limits() -> None:
    def holds(option: Option) -> bool:
        return option.default is None or _within(option, option.default)

    assert violators(holds) == []


def _within(option: Option, value: float) -> bool:
    low, high = option.minimum, option.maximum
    above = low is None or value > low or (value == low and not option.exclusive_minimum)
    return above and (high is None or value < high or (value == high and not option.exclusive_maximum))


def test_a_default_has_the_type_of_its_kind() -> None:
    def holds(option: Option) -> bool:
        return option.default is None or type(option.default) in PYTHON_TYPES.get(option.kind, (str,))

    assert violators(holds) == []


def test_only_numbers_have_limits() -> None:
    def holds(option: Option) -> bool:
        numeric = option.kind in {Kind.INTEGER, Kind.NUMBER, Kind.NUMBER_OR_NONE_WORD}
        return numeric or (option.minimum is None and option.maximum is None)

    assert violators(holds) == []


def test_a_limit_is_exclusive_only_where_there_is_one() -> None:
    def holds(option: Option) -> bool:
        low = option.minimum is not None or not option.exclusive_minimum
        return low and (option.maximum is not None or not option.exclusive_maximum)

    assert violators(holds) == []


def test_choices_are_explained_all_or_none() -> None:
    assert violators(lambda option: len(option.choice_docs) in (0, len(option.choices))) == []


def test_choices_are_checked_by_the_parser_or_merely_known_but_not_both() -> None:
    assert violators(lambda option: not (option.choices and option.known)) == []


def test_docs_are_sentences() -> None:
    def holds(option: Option) -> bool:
        doc = option.doc
        return doc.endswith(".") and doc[0].isupper() and "  " not in doc and len(doc.split()) > 3

    assert violators(holds) == []


def test_what_has_no_effect_says_why() -> None:
    assert violators(lambda option: option.state is State.USED or bool(option.because)) == []


def test_reasons_are_clauses_that_a_message_can_end_with() -> None:
    def holds(option: Option) -> bool:
        return not option.because.endswith(".") and not option.because[:1].isupper()

    assert violators(holds) == []


def test_every_option_belongs_to_a_chapter() -> None:
    assert violators(lambda option: bool(option.group)) == []


def test_chapters_are_contiguous() -> None:
    groups = [option.group for option in OPTIONS]

    changes = sum(before != after for before, after in pairwise(groups))
    assert changes == len(set(groups)) - 1


def test_top_level_options_say_where_they_were_read() -> None:
    assert [option.name for option in OPTIONS if not option.source] == []


def test_conditions_name_options_and_values_that_exist() -> None:
    placed = {option.name: option for option in (*FIXED_POINT, *SCF)} | BY_NAME

    unknown = [
        (option.name, condition.option, value)
        for option in EVERY
        for condition in (*option.only_if, *option.not_if)
        for value in condition.values
        if condition.option not in placed or not _takes(placed[condition.option], value)
    ]
    assert unknown == []


def _takes(option: Option, value: object) -> bool:
    if value is None:
        return option.default is None
    if isinstance(value, bool):
        return option.kind in {Kind.FLAG, Kind.BOOLEAN_WORD, Kind.STRICT_BOOLEAN}
    return value in (*option.choices, *option.known)


def test_key_options_are_rejected_in_favour_of_heads() -> None:
    keys = [option for option in OPTIONS if option.name.endswith("_key")]

    assert len(keys) == 16
    assert {option.state for option in keys} == {State.REJECTED}
    assert all(option.instead.startswith("heads.<head>.") for option in keys)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (State.REMOVED, {"loss", "compute_atomic_dipole", "skip-scf-convergence-summary"}),
        (State.OVERRIDDEN, {"lr"}),
    ],
)
def test_removed_and_overridden_options_are_these(state: State, names: set[str]) -> None:
    assert names_in(state) == names


def test_rejected_options_beside_keys_are_test_folder_and_statistics_file() -> None:
    others = {name for name in names_in(State.REJECTED) if not name.endswith("_key")}

    assert others == {"test_dir", "statistics_file"}


def test_inert_options_are_those_that_the_trainer_ignores() -> None:
    expected = """
        launcher plot plot_frequency plot_interaction_e pair_repulsion distance_transform apply_cutoff
        use_last_readout_only use_embedding_readout use_reduced_cg use_so3 use_agnostic_product edge_irreps
        multi_processed_test atomic_numbers mean std les_arguments keep_isolated_atoms embedding_specs
        skip_evaluate_heads huber_delta lbfgs max_num_epochs dry_run enable_cueq only_cueq enable_oeq
        downloads_dir dont_include_pbc_corrections polarizable_charges field_norm_factor swa start_swa swa_lr
        energy_weight forces_weight virials_weight stress_weight dipole_weight polarizability_weight
        swa_energy_weight swa_forces_weight swa_virials_weight swa_stress_weight swa_dipole_weight
        swa_polarizability_weight foundation_model foundation_model_readout foundation_model_elements
        foundation_head foundation_filter_elements pseudolabel_replay multiheads_finetuning weight_pt_head
        real_pt_data_ratio_threshold num_samples_pt force_mh_ft_lr subselect_pt filter_type_pt
        disallow_random_padding_pt pt_train_file pt_valid_file
    """

    assert names_in(State.INERT) == set(expected.split())


def names_in(state: State) -> set[str]:
    """Top-level options in that state."""
    return {option.name for option in OPTIONS if option.state is state}


def test_required_options_are_those_without_which_the_trainer_does_not_start() -> None:
    required = {option.name for option in OPTIONS if option.required}

    assert required == {"name", "heads", "train_schedule", "error_table", "train_file"}


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("ScaleShiftMACE", {"scaling"}),
        (
            "LocalSplitCharges",
            {
                "atomic_formal_charges",
                "formal_charges_from_data",
                "use_linear_final_readout",
                "static_bond_transfer_block",
                "oxidation_state_mixer",
                "oxidation_state_range",
                "compute_polarizability",
            },
        ),
        (
            "FixedChargeBaselinedMACE",
            {"atomic_formal_charges", "formal_charges_from_data", "use_linear_final_readout"},
        ),
        (
            "MACEQEq",
            {"qeq_charges", "train_hardness", "read_enegs", "read_hardness", "default_hardness"},
        ),
        ("MACE", set()),
        ("LocalCharges", set()),
    ],
)
def test_options_of_one_model_have_no_effect_elsewhere(model: str, names: set[str]) -> None:
    bound = {
        option.name
        for option in OPTIONS
        for condition in option.only_if
        if condition.option == "model" and not condition.negated and model in condition.values
    }

    assert bound == names


def test_stage_keys_are_these() -> None:
    assert _names(STAGE) == {
        "name",
        "start",
        "end",
        "loss",
        "lr",
        "fixed_point_training_options",
        "scf_training_options",
    }
    assert {option.name for option in STAGE if option.required} == {"name", "start", "end", "loss"}


def test_fixed_point_keys_are_these() -> None:
    assert _names(FIXED_POINT) == {"mode", "scf", "linear_solve", "fixedpoint_scf_stability"}
    assert {option.name: (option.kind, option.default, option.required) for option in SCF} == {
        "num_scf_steps": (Kind.INTEGER, 100, True),
        "scf_tolerance": (Kind.NUMBER, 1e-6, False),
        "mixing_parameter": (Kind.NUMBER, 0.25, True),
        "constant_charge": (Kind.STRICT_BOOLEAN, True, False),
        "use_autograd_forces": (Kind.STRICT_BOOLEAN, True, False),
        "initial_density": (Kind.STRING, "local_guess", False),
        "initial_fermi_level": (Kind.STRING, "from_data", False),
    }


def _names(options: Iterable[Option]) -> set[str]:
    return {option.name for option in options}


def test_error_tables_that_lose_the_final_models_are_these() -> None:
    lost = {table.name for table in ERROR_TABLES if not table.final}

    assert len({table.name for table in ERROR_TABLES}) == len(ERROR_TABLES) == 12
    assert lost == {"TotalRMSE", "PerAtomMAE", "TotalMAE", "PerAtomRMSEstressvirials", "EnergyDipoleRMSE"}


def test_boundary_methods_are_the_choices_of_the_option() -> None:
    methods = tuple(method.name for method in BOUNDARY_METHODS)

    allowed = {method.name: set(method.allowed) for method in BOUNDARY_METHODS}
    assert methods == BY_NAME["electrostatic_pbc_method"].choices
    assert allowed["mixed_periodic"] == {"TTT", "TTF", "FFF"}
    assert allowed["molecule_in_box"] == allowed["realspace"] == {"FFF"}
    assert allowed["pbc"] == {"TTT"}
    assert allowed["slab"] == {"TTF"}
    assert len(allowed["auto"]) == 8


def test_field_blocks_stand_in_slots_that_the_mappings_have() -> None:
    slots = {block.slot for block in FIELD_BLOCKS}

    pairs = [(block.slot, block.name) for block in FIELD_BLOCKS]
    assert slots <= {"update", "readout", *_names(UPDATE)}
    assert len(pairs) == len(set(pairs))


def test_readouts_that_crash_without_an_iteration_are_these() -> None:
    crashing = {block.name for block in FIELD_BLOCKS if block.uses_potential_features}

    assert crashing == {
        "StrictQuadraticFieldEnergyReadout",
        "OneBodyMLPFieldReadout",
        "ManyBodyChargesFieldReadout",
    }
