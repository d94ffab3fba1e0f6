"""From the declarations to a draft-07 JSON Schema that editors and the checker share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..catalog.model import Model
from ..catalog.option import Kind, Option, State, shown
from ..catalog.quantity import Quantity
from ..catalog.term import Term
from ..catalog.trainer import Trainer
from ..config.values import limits_of
from .numbering import STAGE_NUMBER

Schema = dict[str, Any]

# Whole numbers that only YAML 1.1 knows: to an editor they are texts, to the trainer's reader they are numbers.
_WHOLE_11 = r"0b[01_]+|0x[0-9a-fA-F_]+|[1-9][0-9]*_[0-9_]*"
_INTEGER_11 = rf"^[-+]?({_WHOLE_11})$"
_NUMBER_11 = rf"^[-+]?({_WHOLE_11}|([0-9]+_[0-9_]*\.[0-9_]*|[0-9]+\.[0-9]*_[0-9_]*)([eE][-+][0-9]+)?)$"
_INTEGER_TEXT = rf"^\s*[-+]?([0-9]+(_[0-9]+)*|{_WHOLE_11})\s*$"
_DIGITS = "[0-9]+(_[0-9]+)*"
# No text of digits matches in two ways, or a long one with a letter behind it would take the square of its length.
_NUMBER_TEXT = (
    rf"^\s*[-+]?({_WHOLE_11}|({_DIGITS}(\.({_DIGITS})?)?|\.{_DIGITS})([eE][-+]?{_DIGITS})?"
    r"|[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]|\.(inf|Inf|INF|nan|NaN|NAN))\s*$"
)


def emit_schema(trainer: Trainer) -> Schema:
    """The schema of a run's config file under one trainer version.

    Top-level keys are not required: options may come from the command line, and a fragment of heads
    and schedule alone is legal. What depends on such absences is decided by rules.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:mace-scf:config:{trainer.name}",
        "title": f"MACE_SCF training config ({trainer.name})",
        "description": f"{trainer.doc} Facts of {trainer.dated}.",
        "type": "object",
        "properties": {
            spelling: _top_level(option, spelling, trainer)
            for option in trainer.options
            if option.state is not State.REMOVED
            for spelling in (*option.spellings, option.off_switch)
            if spelling
        },
        "additionalProperties": False,
        "allOf": [rule for model in trainer.models for rule in _model_rules(model, trainer)],
    }


def _top_level(option: Option, spelling: str, trainer: Trainer) -> Schema:
    if option.name == "heads":
        return {**_described(option), **_heads(trainer)}
    if option.name == "train_schedule":
        return {**_described(option), **_schedule(trainer)}
    if option.name in ("fixedpoint_update_config", "field_readout_config"):
        return {**_described(option), "type": ["object", "string", "null"]}
    schema = {**_described(option), **_argument_type(option)}
    if spelling != option.name:
        schema["doNotSuggest"] = True
    return schema


# --- texts ----------------------------------------------------------------------------------------


def _described(option: Option) -> Schema:
    schema: Schema = {"description": option.doc, "markdownDescription": hover_text(option)}
    if option.default is not None and option.kind is not Kind.MAPPING:
        schema["default"] = list(option.default) if isinstance(option.default, tuple) else option.default
    return schema


def hover_text(option: Option) -> str:
    """What an editor shows about an option: meaning, unit, default, limits, and whether it has an effect."""
    facts = [f"{label}: {value}" for label, value in _facts(option)]
    lines = [option.doc, "", " · ".join(facts)] if facts else [option.doc]
    if option.state is not State.USED:
        instead = f" Use `{option.instead}`." if option.instead else ""
        lines += ["", f"**{option.state.value}**: {option.because}.{instead}"]
    return "\n".join(lines)


def _facts(option: Option) -> Iterable[tuple[str, str]]:
    if option.unit:
        yield "unit", option.unit
    if option.default is not None:
        yield "default", f"`{shown(option.default)}`"
    if option.required:
        yield "required", "yes"
    limits = limits_of(option)
    if limits:
        yield "range", limits


# --- types ----------------------------------------------------------------------------------------


def _argument_type(option: Option) -> Schema:
    """The values that the argument parser accepts for a top-level key, flat so that editors speak plainly."""
    schema = dict(_ARGUMENT_TYPES[option.kind])
    if option.choices:
        words = [choice for choice in option.choices if choice is not None]
        schema = {
            "enum": [*words, None],
            "markdownEnumDescriptions": [*option.choice_docs, "keep the default"],
        }
        if not option.choice_docs:
            del schema["markdownEnumDescriptions"]
    schema |= _limits(option)
    schema["errorMessage"] = _error_message(option)
    return schema


def _error_message(option: Option) -> str:
    if option.choices:
        return f"{option.name}: one of {', '.join(map(str, option.choices))}"
    limits = limits_of(option)
    return f"{option.name}: {option.kind.value}{' ' + limits if limits else ''}"


def _limits(option: Option) -> Schema:
    limits: Schema = {}
    if option.minimum is not None:
        limits["exclusiveMinimum" if option.exclusive_minimum else "minimum"] = _plain(option.minimum)
    if option.maximum is not None:
        limits["exclusiveMaximum" if option.exclusive_maximum else "maximum"] = _plain(option.maximum)
    return limits


def _plain(number: float) -> float | int:
    return int(number) if math.isfinite(number) and number == int(number) else number


def _any_case(*words: str) -> str:
    """A pattern for words in any case; JSON Schema's patterns have no flag for it."""
    return (
        "^("
        + "|".join("".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in w) for w in words)
        + ")$"
    )


_BOOLEAN_WORDS = _any_case("true", "yes", "on", "false", "no", "off")
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_SWITCH: Schema = {
    "type": ["boolean", "string", "integer", "null"],
    "pattern": _any_case("true", "yes", "on", "1", "false", "no", "off", "0"),
    "minimum": 0,
    "maximum": 1,
}
_ARGUMENT_TYPES: dict[Kind, Schema] = {
    Kind.STRING: _TEXT,
    Kind.PATH: _TEXT,
    Kind.IRREPS: _TEXT,
    Kind.INTEGER: {"type": ["integer", "string", "null"], "pattern": _INTEGER_TEXT},
    Kind.NUMBER: {"type": ["number", "string", "null"], "pattern": _NUMBER_TEXT},
    Kind.NUMBER_OR_NONE_WORD: {"type": ["number", "string", "null"], "pattern": f"^None$|{_NUMBER_TEXT}"},
    Kind.BOOLEAN_WORD: {
        "type": ["boolean", "string", "integer", "null"],
        "pattern": _any_case("true", "yes", "on", "t", "y", "1", "false", "no", "off", "f", "n", "0"),
        "minimum": 0,
        "maximum": 1,
    },
    Kind.STRICT_BOOLEAN: {
        "type": ["boolean", "string", "null"],
        "pattern": _BOOLEAN_WORDS,
    },
    Kind.FLAG: _SWITCH,
    Kind.FLAG_OFF: _SWITCH,
    Kind.LITERAL: {"type": ["string", "object", "number", "boolean", "null"]},
    Kind.MAPPING: {"type": ["object", "string", "null"]},
    Kind.STRING_LIST: {
        "type": ["array", "string", "number", "boolean", "null"],
        "items": _TEXT,
        "minItems": 1,
    },
}

_NESTED_TYPES: dict[Kind, Schema] = {
    Kind.STRING: {"type": "string"},
    Kind.INTEGER: {"type": ["integer", "string"], "pattern": _INTEGER_11},
    Kind.NUMBER: {"type": ["number", "string"], "pattern": _NUMBER_11},
    Kind.STRICT_BOOLEAN: {"type": ["boolean", "string"], "pattern": _BOOLEAN_WORDS},
    Kind.BOOLEAN_WORD: {"type": ["boolean", "string"], "pattern": _BOOLEAN_WORDS},
    Kind.MAPPING: {"type": "object"},
}  # fmt: skip


def _nested_type(option: Option) -> Schema:
    """Inside a nested mapping nothing is converted: the value must have the type itself."""
    schema = {**_described(option), **_NESTED_TYPES[option.kind]}
    if option.state is State.INERT:  # whatever it is, nothing stops at it
        return {**_described(option), "type": ["boolean", "string", "number", "array", "object"]}
    if option.converted:
        schema |= {"type": ["number", "string"], "pattern": _NUMBER_TEXT}
    if option.choices and option.only_if:  # elsewhere another value does no harm; a rule knows where
        schema |= {"examples": list(option.choices)}
    elif option.choices:
        schema |= {"enum": list(option.choices)}
        if option.choice_docs:
            schema["markdownEnumDescriptions"] = list(option.choice_docs)
    return {**schema, **_limits(option), "errorMessage": _error_message(option)}


# --- blocks ---------------------------------------------------------------------------------------


def _block(options: Iterable[Option], required: Iterable[str] = (), **properties: Schema) -> Schema:
    declared = {option.name: _nested_type(option) for option in options}
    schema: Schema = {
        "type": "object",
        "properties": {
            **declared,
            **{name: _merged(declared.get(name, {}), more) for name, more in properties.items()},
        },
        "additionalProperties": False,
    }
    if required:
        schema["required"] = list(required)
    return schema


def _merged(schema: Schema, more: Schema) -> Schema:
    """An editor would show the message about the type for an unknown key, too, where its own says more."""
    left_out = ("errorMessage",) if more.get("additionalProperties") is False else ()
    return {**{name: value for name, value in schema.items() if name not in left_out}, **more}


def _heads(trainer: Trainer) -> Schema:
    maps = {
        container: {
            "type": "object",
            "markdownDescription": f"Property → key, for {where}.",
            "properties": {
                quantity.name: _file_key(quantity)
                for quantity in trainer.quantities
                if quantity.container == container
            },
            "additionalProperties": False,
        }
        for container, where in {
            "info_keys": "one value set per frame (`info`)",
            "arrays_keys": "one value set per atom (`arrays`)",
        }.items()
    }
    head = {
        "type": "object",
        "properties": maps,
        "required": ["info_keys", "arrays_keys"],
        "additionalProperties": False,
    }
    return {"type": ["object", "string"], "additionalProperties": head}


def _file_key(quantity: Quantity) -> Schema:
    unit = f" · unit: {quantity.unit}" if quantity.unit else ""
    sign = f" · {quantity.sign}" if quantity.sign else ""
    text = f"{quantity.doc}\n\nshape: {quantity.shape}{unit}{sign}"
    schema: Schema = {"type": "string", "description": quantity.doc, "markdownDescription": text}
    if quantity.safe_key:
        schema["default"] = quantity.safe_key
    return schema


def _schedule(trainer: Trainer) -> Schema:
    return {
        "type": ["object", "string"],
        "patternProperties": {STAGE_NUMBER: _stage(trainer)},
        "additionalProperties": False,
    }


def _stage(trainer: Trainer) -> Schema:
    groups = {
        f"{group}_lr": {
            **_NESTED_TYPES[Kind.NUMBER],
            "minimum": 0,
            "description": f"Learning rate of the parameter group {group} in this stage.",
            "markdownDescription": f"Learning rate of the parameter group `{group}` in this stage; `lr` sets the rest.",
        }
        for group in trainer.parameter_groups
    }
    iterations = {**_block(trainer.blocks.scf), "type": ["object", "null"]}
    fixed_point = _block(trainer.blocks.fixed_point, ("mode",), scf=iterations)
    flat = _block([*trainer.blocks.fixed_point, *trainer.blocks.scf], ("mode",), scf=iterations)
    blocks = {"fixed_point_training_options": fixed_point, "scf_training_options": flat}
    return _block(
        trainer.blocks.stage, ("name", "loss"),
        lr={"type": ["number", "string", "null"]}, loss=_loss(trainer), **groups,
        **{name: blocks[name] for name in blocks if any(option.name == name for option in trainer.blocks.stage)},
    )  # fmt: skip


def _loss(trainer: Trainer) -> Schema:
    return {
        "type": "object",
        "properties": {term.name: _term(term, trainer) for term in trainer.terms},
        "additionalProperties": False,
    }


def _term(term: Term, trainer: Trainer) -> Schema:
    bare = trainer.bare_class_terms or term.form == "function"
    weight = {
        "type": ["number", "boolean", "string"],  # a switch counts as 0 or 1, which a rule warns of
        "pattern": f"{_NUMBER_11}|{_BOOLEAN_WORDS}",
        "description": "Factor of this term in the total loss.",
        "errorMessage": "weight: a number such as 1.0",
    }
    return {
        **({"type": ["number", "string", "object"], "pattern": _NUMBER_11} if bare else {"type": "object"}),
        "description": term.doc,
        "markdownDescription": term_hover(term),
        "default": 1.0,
        "properties": {"weight": weight, **{option.name: _nested_type(option) for option in term.options}},
        "required": ["weight"],
        "additionalProperties": False,
        "errorMessage": f"{term.name}: a weight such as 1.0"
        + ("" if bare else ", in a mapping with its options"),
    }


def term_hover(term: Term) -> str:
    """What an editor shows about a loss term."""
    lines = [term.doc, "", f"unit: {term.unit} · weight as a float such as `1.0`", "", f"`{term.formula}`"]
    needs = ", ".join(f"`{name}`" for name in term.predictions)
    labels = ", ".join(f"`{name}`" for name in term.references) or "none"
    lines += ["", f"needs the prediction {needs}; labels: {labels}"]
    return "\n".join([*lines, "", term.note] if term.note else lines)


# --- conditions -----------------------------------------------------------------------------------


def _model_rules(model: Model, trainer: Trainer) -> Iterable[Schema]:
    """Under `model: X`, the terms that X can never serve are not allowed; neither are blocks of other models."""
    refused = {
        term.name: False
        for term in trainer.terms
        if any(not model.provisions(name) for name in term.predictions) and _somebody_provides(term, trainer)
    }
    stage: Schema = {"loss": {"properties": refused}} if refused else {}
    if not model.modes:
        stage |= {option.name: False for option in trainer.blocks.stage if _needs_modes(option, trainer)}
    if stage:
        yield {
            "if": {"properties": {"model": {"const": model.name}}, "required": ["model"]},
            "then": {
                "properties": {"train_schedule": {"patternProperties": {STAGE_NUMBER: {"properties": stage}}}}
            },
        }


def _somebody_provides(term: Term, trainer: Trainer) -> bool:
    return all(any(model.provisions(name) for model in trainer.models) for name in term.predictions)


def _needs_modes(option: Option, trainer: Trainer) -> bool:
    with_modes = tuple(model.name for model in trainer.models if model.modes)
    return any(condition.option == "model" and condition.values == with_modes for condition in option.only_if)
