"""The validator of jsonschema, with two keywords made to fit what people write."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ..catalog.trainer import Trainer
from .files import shipped_schema
from .numbering import STAGE_NUMBER, is_stage_number

FORBIDDEN = "forbidden"
"""Name of the error about a property whose schema is `false`."""


def schema_for(trainer: Trainer) -> dict[str, Any]:
    """The shipped schema of a trainer version, or a fresh one where none is shipped."""
    shipped = shipped_schema(trainer.name)
    if shipped:
        return shipped
    from .emit import emit_schema

    return emit_schema(trainer)


@cache
def validator_of(trainer: Trainer) -> Any:
    """The validator of a trainer's runs, made once."""
    from jsonschema import Draft7Validator, validators

    # the library forgets the key of a property whose schema is `false`; editors want just that form
    extend: Any = validators.extend
    return extend(Draft7Validator, {"properties": _properties, "patternProperties": _stages})(
        schema_for(trainer)
    )


def _properties(validator: Any, properties: Any, instance: Any, schema: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, dict):
        return
    for name, subschema in properties.items():
        if name not in instance:
            continue
        if subschema is False:
            forbidden = ValidationError(
                "not allowed", path=(name,), instance=instance[name], schema=subschema
            )
            forbidden.validator = FORBIDDEN
            yield forbidden
        else:
            yield from validator.descend(instance[name], subschema, path=name, schema_path=name)


def _stages(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """Stages are the only pattern; one that stands under a text instead of a number is a stage all the same."""
    if not isinstance(instance, dict):
        return
    (stage,) = patterns.values()
    for name, value in instance.items():
        if is_stage_number(name) or isinstance(value, dict):
            yield from validator.descend(value, stage, path=name, schema_path=STAGE_NUMBER)
