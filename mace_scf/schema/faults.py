"""What the validator's errors say of values: one finding each, in this project's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from ..catalog.option import is_number
from ..config.problems import missing_key, not_a_choice, out_of_range, wrong_type
from ..config.structure import describe
from ..config.values import kind_phrases, with_limits
from ..diagnostics import Diagnostic, Severity, Span
from ..source import Mapping, Node, Scalar
from ..source import Sequence as SequenceNode
from .places import Path, key_span_at, name_at, node_at, place_of
from .validator import FORBIDDEN


def findings_of(error: Any, root: Mapping) -> Iterator[Diagnostic]:
    """What one error of the validator says; nothing where the trainer takes the value after all."""
    path: Path = tuple(error.absolute_path)
    for finding in _HANDLERS.get(error.validator, _generic)(error, path, root):
        yield _of_a_term(finding, error, path)


def _of_a_term(finding: Diagnostic, error: Any, path: Path) -> Diagnostic:
    """What is wrong inside a loss has codes of its own; the rules behind them know the term."""
    if error.validator == FORBIDDEN or path[2:3] != ("loss",) or len(path) < 4:
        return finding
    code, slug = finding.code, finding.slug
    if error.validator == "required":
        code, slug = "L104", "weight-missing"
    elif len(path) > 4:
        code, slug = (
            ("L108", "weight-not-a-number") if path[4] == "weight" else ("L109", "term-option-invalid")
        )
    elif is_number(error.instance):
        code, slug = "L106", "bare-class-term"
    return attrs.evolve(finding, code=code, slug=slug)


def _required(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    block = node_at(root, path)
    present = {entry.name for entry in block} if isinstance(block, Mapping) else set()
    missing = [name for name in error.validator_value if name not in present]
    if missing:  # the validator reports every name by itself; together they are one finding
        yield missing_key("` and `".join(missing), key_span_at(root, path), place=place_of(path))


def _type(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    node = node_at(root, path)
    name = name_at(path)
    if (
        isinstance(node, SequenceNode)
        and "string" in error.schema.get("type", ())
        and "pattern" not in error.schema
        and not _is_block(error.schema)
    ):
        yield _list_for_text(name, node.span)
    elif not _trainer_takes(node, error.schema):
        when = _AS_TEXT if isinstance(node, Mapping) and _is_text(error.schema) else ""
        yield wrong_type(name, node.span, _expected(error), describe(error.instance), when=when)


_AS_TEXT = "the trainer takes the mapping, written out, for a text"


def _is_text(schema: Any) -> bool:
    """An option that takes any text, of the run and not of a block."""
    return "boolean" in schema["type"] and "pattern" not in schema and "object" not in schema["type"]


def _trainer_takes(node: Node, schema: dict[str, Any]) -> bool:
    """An editor reads `1_000` as a text; the trainer's YAML 1.1 reader makes the number of it that was meant."""
    if not isinstance(node, Scalar) or node.trainer_value == node.editor_value:
        return False
    from jsonschema import Draft7Validator

    return bool(Draft7Validator(schema).is_valid(node.trainer_value))


def _is_block(schema: Any) -> bool:
    """Takes a mapping, and a text only as the literal of one."""
    return "object" in schema["type"] and "number" not in schema["type"]


def _list_for_text(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "C125", "list-for-text", Severity.ERROR, f"`{name}` takes a quoted text, not a YAML list", span,
        when="the trainer stops at start-up", help=f'quote it: `{name}: "[…]"`',
    )  # fmt: skip


def _choice(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    node = node_at(root, path)
    if _trainer_takes(node, error.schema):
        return
    choices = [str(choice) for choice in error.validator_value if choice is not None]
    found = node.text if isinstance(node, Scalar) else describe(error.instance)
    yield not_a_choice(name_at(path), node.span, choices, found)


def _range(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    yield out_of_range(
        name_at(path), node_at(root, path).span, _expected(error), describe(error.instance).strip("`")
    )


def _conditional(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    """`if` the model is such, `then` some keys are not allowed: a rule says why, this keeps it from being missed."""
    for inner in error.context or ():
        yield from _generic(inner, path + tuple(inner.relative_path), root)


def _generic(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    if error.validator == FORBIDDEN:  # a key that the schema forbids here
        in_loss = len(path) >= 2 and path[-2] == "loss"
        code, slug = (
            ("L201", "term-without-prediction") if in_loss else ("F102", "fixed-point-options-unused")
        )
        message = f"`{name_at(path)}` is not possible with this `model`"
        yield Diagnostic(code, slug, Severity.ERROR, message, key_span_at(root, path))
        return
    yield wrong_type(name_at(path), node_at(root, path).span, _expected(error), describe(error.instance))


_HANDLERS = {
    "required": _required,
    "type": _type,
    "pattern": _type,
    "enum": _choice,
    "minimum": _range,
    "maximum": _range,
    "exclusiveMinimum": _range,
    "exclusiveMaximum": _range,
    "if": _conditional,
}


def _expected(error: Any) -> str:
    message = str(error.schema.get("errorMessage", "")).partition(": ")[2]
    if message:
        return _with_article(message)
    types = error.schema.get("type", "another value")
    words = [types] if isinstance(types, str) else [kind for kind in types if kind != "null"]
    return " or ".join(_TYPE_WORDS.get(word, word) for word in words)


def _with_article(message: str) -> str:
    """`integer ≥ 0`, as editors show it, becomes `a whole number ≥ 0`."""
    phrases = ((kind, phrase) for kind, phrase in kind_phrases().items())
    found = (
        with_limits(phrase, message.removeprefix(kind).strip())
        for kind, phrase in phrases
        if _leads(kind, message)
    )
    return next(found, message)


def _leads(kind: str, message: str) -> bool:
    return message == kind or message.startswith((f"{kind} ≥", f"{kind} >", f"{kind} ≤", f"{kind} <"))


_TYPE_WORDS = {
    "object": "a mapping",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
}
