"""A trainer and an extension make another trainer, and leave the first as it was."""

from __future__ import annotations

from typing import Any

import attrs

from mace_scf.catalog.option import State
from mace_scf.catalog.registry import trainer
from mace_scf.catalog.trainer import Trainer
from mace_scf.extension import apply, check_extension, read_extension

HEAD = "extends: upstream\nname: fork\ndated: 2031-01-02\n"


def extended(text: str, base: Trainer | None = None) -> Trainer:
    """The trainer with an extension that must be free of errors."""
    base = base or trainer()
    extension = read_extension(HEAD + text, file="fork.yaml").extension
    assert extension is not None
    assert check_extension(base, extension) == ()
    return apply(base, extension)


def test_the_base_is_not_changed() -> None:
    base = trainer()
    before = attrs.asdict(base, recurse=False)

    extended("terms: {remove: [rho_fftn]}\nmodels: {change: {MACE: {doc: other}}}", base)

    assert attrs.asdict(base, recurse=False) == before
    assert "rho_fftn" in base.term_by_name


def test_name_and_date_tell_what_it_is() -> None:
    found = extended("doc: Facts.")

    assert (found.name, found.dated) == ("upstream+fork", "2031-01-02")
    assert found.doc.endswith("With fork: Facts.")


def test_an_added_term_starts_from_the_one_it_is_like() -> None:
    found = extended("terms: {add: {forces_huber: {like: forces, doc: New., family: robust}}}")

    new, old = found.term_by_name["forces_huber"], found.term_by_name["forces"]
    assert (new.doc, new.family) == ("New.", "robust")
    assert (new.unit, new.references, new.predictions) == (old.unit, old.references, old.predictions)


def test_items_are_put_behind_a_list_and_taken_out_of_it() -> None:
    found = extended(
        "models: {change: {FixedPoint: {drop: {provides: [esps]}, more: {parameter_groups: [new_map]}}}}"
    )

    model, old = found.model_by_name["FixedPoint"], trainer().model_by_name["FixedPoint"]
    assert model.provisions("esps") == ()
    assert model.provisions("dipole") == old.provisions("dipole")
    assert model.parameter_groups == (*old.parameter_groups, "new_map")
    assert "new_map" in found.parameter_groups


def test_a_removed_option_stays_known_and_says_why() -> None:
    option = extended("options: {remove: [kspace_cutoff_factor]}").option_by_name["kspace_cutoff_factor"]

    assert option.state is State.REMOVED
    assert option.because == "`fork` has no such option"


def test_choices_follow_the_declarations() -> None:
    text = (
        "models:\n  add: {Response: {like: FixedPoint, modes: [direct, shortcut]}}\n  remove: [MACEQEq]\n"
        "boundary_methods: {add: {wire: {allowed: [FFT]}}, remove: [auto]}\n"
    )

    found = extended(text)

    kept = tuple(choice for choice in trainer().option_by_name["model"].choices if choice != "MACEQEq")
    assert found.option_by_name["model"].choices == (*kept, "Response")
    assert found.option_by_name["electrostatic_pbc_method"].choices[-1] == "wire"
    (mode,) = (option for option in found.blocks.fixed_point if option.name == "mode")
    assert mode.choices == (*trainer().model_by_name["FixedPoint"].modes, "shortcut")
    assert all(len(o.choice_docs) in (0, len(o.choices)) for o in (*found.options, *found.blocks.fixed_point))


def test_a_dropped_choice_takes_its_text_along() -> None:
    found = extended("options: {change: {optimizer: {drop: {choices: [adam]}}}}").option_by_name["optimizer"]
    old = trainer().option_by_name["optimizer"]

    texts = dict(zip(old.choices, old.choice_docs, strict=False))
    assert found.choices == tuple(choice for choice in old.choices if choice != "adam")
    assert found.choice_docs == tuple(texts[choice] for choice in found.choices if choice in texts)


def test_a_shorter_list_of_required_options_frees_the_others() -> None:
    found = extended("accepts: {required: [name, heads, train_schedule]}")

    assert not found.option_by_name["error_table"].required
    assert found.option_by_name["heads"].required
    assert found.required == ("name", "heads", "train_schedule")


def test_a_field_block_is_named_with_its_slot() -> None:
    found = extended("field_blocks: {add: {update.New: {doc: d}}, remove: [central_atom_mixer_cls.NoMixer]}")

    names = {(block.slot, block.name) for block in found.field_blocks}
    assert ("update", "New") in names
    assert ("central_atom_mixer_cls", "NoMixer") not in names
    assert ("central_atom_feats_mixer_cls", "NoMixer") in names


def test_the_engine_can_be_written_as_an_extension_of_upstream() -> None:
    engine = trainer("engine")

    found = extended(
        "accepts: {integer_weights: true, bare_class_terms: true, term_check: start-up, leaves_out_unlabelled: true,"
        " open_outputs: true}"
    )

    manners = ("integer_weights", "bare_class_terms", "term_check", "leaves_out_unlabelled", "open_outputs")
    assert [getattr(found, name) for name in manners] == [getattr(engine, name) for name in manners]


def test_the_older_trainer_can_be_written_as_an_extension_of_upstream() -> None:
    old = trainer("upstream-old")

    found = extended(
        "options:\n"
        "  change:\n"
        "    kspace_cutoff_factor: {default: 1.25}\n"
        "    field_feature_norms: {default: 'None'}\n"
        "    skip-scf-convergence-summary: {state: used}\n"
        "  remove: [log-all-ranks, scf-convergence-summary, fixedpoint-initial-charge-head-scale]\n"
        "terms: {remove: [rho_fftn, fourier_density]}\n"
        "boundary_methods: {remove: [auto]}\n"
    )

    def facts(version: Trainer) -> list[Any]:
        return [(option.name, option.state, option.default, option.choices) for option in version.options]

    defaults = {
        name: old.option_by_name[name].default for name in ("kspace_cutoff_factor", "field_feature_norms")
    }
    assert {name: found.option_by_name[name].default for name in defaults} == defaults
    assert [fact[:2] for fact in facts(found)] == [fact[:2] for fact in facts(old)]
    assert [fact[3] for fact in facts(found)] == [fact[3] for fact in facts(old)]
    assert found.term_by_name.keys() == old.term_by_name.keys()
    assert [method.name for method in found.boundary_methods] == [
        method.name for method in old.boundary_methods
    ]
