"""Run a document through the JSON Schema and say what is wrong in this project's words, with places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import attrs

from ..catalog.option import State
from ..catalog.trainer import Trainer
from ..config import homes
from ..config.arguments import abbreviated, completed
from ..config.homes import another_name
from ..config.problems import missing_key, not_a_choice, out_of_range, unknown_key, wrong_type
from ..config.structure import describe
from ..config.values import kind_phrases, with_limits
from ..diagnostics import Diagnostic, Severity, Span
from ..source import Entry, Mapping, Node, Scalar, entry_at
from ..source import Sequence as SequenceNode
from .emit import STAGE_NUMBER, emit_schema
from .files import shipped_schema
from .numbering import is_stage_number, with_number

Path = tuple[str | int, ...]
Rename = tuple[Path, str, str]

FORBIDDEN = "forbidden"
_MAX_REPAIRS = 6  # mistyped parents inside mistyped parents: no config has more levels


@attrs.frozen(eq=False, repr=False)
class Checked:
    """What the schema says.

    Attributes:
        root: the document with mistyped keys under their likely names, so that checking goes on beneath.
        findings: one per cause.
    """

    root: Mapping
    findings: tuple[Diagnostic, ...]


def schema_for(trainer: Trainer) -> dict[str, Any]:
    """The shipped schema of a trainer version, or a fresh one where none is shipped."""
    return shipped_schema(trainer.name) or emit_schema(trainer)


def check_schema(root: Mapping, trainer: Trainer) -> Checked:
    """Validate; a key that is surely a mistyped one is checked as what was meant.

    Args:
        root: the run's top level.
        trainer: whose schema applies.
    """
    validator = _validator(trainer)
    numbered = with_number(root, trainer)
    root, unknown = numbered.root, list(numbered.findings)
    for _ in range(_MAX_REPAIRS):
        errors = list(validator.iter_errors(_seen(root)))
        renames: list[Rename] = []
        for error in errors:
            if error.validator == "additionalProperties":
                unknown.extend(_unknown_keys(error, root, trainer, renames))
        if not renames:
            break
        root = _renamed(root, renames)
    others = (finding for error in errors if error.validator != "additionalProperties"
              for finding in _findings(error, root))  # fmt: skip
    return Checked(root, tuple(dict.fromkeys([*unknown, *others])))


def _seen(root: Mapping) -> dict[str, Any]:
    """The document as an editor reads it; numbers that only the trainer's reader knows are numbers."""
    return {
        entry.name: _seen_value(entry.value, nested=entry.name == "train_schedule") for entry in root.entries
    }


def _seen_value(node: Node, *, nested: bool) -> Any:
    """In a block a text in quotes is no number, and keeps them: at the top level the trainer converts texts."""
    if isinstance(node, Mapping):
        return {entry.name: _seen_value(entry.value, nested=nested) for entry in node.entries}
    if isinstance(node, SequenceNode):
        return [_seen_value(item, nested=nested) for item in node.items]
    value, meant = node.editor_value, node.trainer_value
    if isinstance(value, str) and type(meant) in (int, float) and ":" not in value:
        return meant
    if nested and isinstance(value, str) and not node.is_plain and _LIKE_A_NUMBER.fullmatch(value):
        return f"'{value}'"
    return value


_LIKE_A_NUMBER = re.compile(r"[-+]?(0[bx][0-9a-fA-F_]+|[0-9][0-9.]*_[0-9_.eE+-]*)")


@cache
def _validator(trainer: Trainer) -> Any:
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


def _findings(error: Any, root: Mapping) -> Iterator[Diagnostic]:
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
    elif isinstance(error.instance, int | float) and not isinstance(error.instance, bool):
        code, slug = "L106", "bare-class-term"
    return attrs.evolve(finding, code=code, slug=slug)


# --- unknown keys ---------------------------------------------------------------------------------


def _unknown_keys(error: Any, root: Mapping, trainer: Trainer, renames: list[Rename]) -> Iterator[Diagnostic]:
    return _without_rivals(_each_unknown_key(error, root, trainer, renames))


def _each_unknown_key(
    error: Any, root: Mapping, trainer: Trainer, renames: list[Rename]
) -> Iterator[Diagnostic]:
    """The schema names the legal keys of the place; the text has the keys that are none of them."""
    path: Path = tuple(error.absolute_path)
    block = _node(root, path)
    if not isinstance(block, Mapping):
        return
    legal = tuple(error.schema.get("properties", ()))
    present = tuple(entry.name for entry in block)
    numbered = "patternProperties" in error.schema
    for entry in block:
        if numbered:
            if not is_stage_number(entry.name):
                yield _bad_stage_key(entry)
                return  # the rule looks at the numbering as a whole
        elif path == () and (full := completed(entry.name, trainer)) and entry.name not in legal:
            if full.name not in present:
                renames.append((path, entry.name, full.name))
            yield abbreviated(entry.key, full.name)
        elif path == () and (meant := _behind_dashes(entry.name, trainer)) and entry.name not in legal:
            if meant not in present:
                renames.append((path, entry.name, meant))
            yield _with_dashes(entry, meant)
        elif entry.name not in legal and not (path == () and _is_ruled(entry.name, trainer)):
            meant, advice = another_name(entry.name, _home_of(path), trainer, is_text=_is_word(entry.value))
            meant = meant if meant in legal and meant not in present else ""
            finding = unknown_key(
                entry.key,
                legal,
                place=_place(path),
                meant=meant,
                advice="" if meant else advice,
                taken=present,
            )
            if len(finding.suggestions) == 1 and (meant or not advice):
                renames.append((path, entry.name, finding.suggestions[0]))
            yield _in_the_loss(finding, path)


def _without_rivals(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Where two keys of a mapping may mean the same one, nobody knows which of them shall be it."""
    every = list(findings)
    meant: Counter[tuple[str, ...]] = Counter(
        finding.suggestions for finding in every if len(finding.suggestions) == 1
    )
    for finding in every:
        yield attrs.evolve(finding, fix=None) if meant[finding.suggestions] > 1 else finding


def _behind_dashes(name: str, trainer: Trainer) -> str:
    """The option of a key that is written as on the command line; "" where it is no such key."""
    bare = name.strip("-")
    option = trainer.option_by_name.get(bare)
    if option is None or bare == name or option.state is State.REMOVED:
        return ""
    return bare if name == f"--{bare}" or bare not in trainer.switches else ""


def _with_dashes(entry: Entry, meant: str) -> Diagnostic:
    finding = unknown_key(entry.key, (meant,), place="the run", meant=meant)
    when = f"the trainer takes it as `{meant}`; editors and other readers of the file know no such key"
    return attrs.evolve(finding, message=f"`{entry.name}` is spelt as on the command line", when=when)


def _is_word(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.editor_value, str)


def _is_ruled(name: str, trainer: Trainer) -> bool:
    """Names that the schema does not offer but a rule speaks of: removed options and switches without effect."""
    return name in trainer.option_by_name or name in trainer.switches


def _in_the_loss(finding: Diagnostic, path: Path) -> Diagnostic:
    """Unknown terms and unknown options of terms have codes of their own."""
    if path[-1:] == ("loss",):
        message = finding.message.replace("unknown key", "unknown loss term").removesuffix(" in the loss")
        return attrs.evolve(finding, code="L101", slug="unknown-term", message=message, when="")
    if path[2:3] == ("loss",):
        return attrs.evolve(finding, code="L105", slug="unknown-term-option", when="")
    return finding


def _bad_stage_key(entry: Entry) -> Diagnostic:
    return Diagnostic(
        "S102", "stage-key", Severity.ERROR, f"`{entry.name}` is no stage number", entry.key.span,
        when="the trainer stops at start-up", help="number the stages 0, 1, 2, …",
    )  # fmt: skip


def _place(path: Path) -> str:
    if not path:
        return "the run"
    if path[0] == "heads":
        return ("the heads", "the head", f"`{path[-1]}`")[min(len(path), 3) - 1]
    if path[0] == "train_schedule" and len(path) == 2:
        return f"stage {path[1]}" if is_stage_number(str(path[1])) else f"stage `{path[1]}`"
    if path[-1] == "loss":
        return "the loss"
    if len(path) == 4 and path[2] == "loss":
        return f"the options of `{path[-1]}`"
    return f"`{path[-1]}`"


def _home_of(path: Path) -> str:
    if not path:
        return homes.RUN
    if path[0] == "heads":
        return {"info_keys": homes.INFO_KEYS, "arrays_keys": homes.ARRAYS_KEYS}.get(str(path[-1]), homes.HEAD)
    last = {"scf": homes.SCF, "loss": homes.LOSS}.get(str(path[-1]))
    if last is None and path[-1] in ("fixed_point_training_options", "scf_training_options"):
        return homes.FIXED_POINT
    return last or homes.STAGE


# --- other errors ---------------------------------------------------------------------------------


def _required(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    block = _node(root, path)
    present = {entry.name for entry in block} if isinstance(block, Mapping) else set()
    missing = [name for name in error.validator_value if name not in present]
    if missing:  # the validator reports every name by itself; together they are one finding
        yield missing_key("` and `".join(missing), _key_span(root, path), place=_place(path))


def _type(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    node = _node(root, path)
    name = _name(path)
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
    node = _node(root, path)
    if _trainer_takes(node, error.schema):
        return
    choices = [str(choice) for choice in error.validator_value if choice is not None]
    found = node.text if isinstance(node, Scalar) else describe(error.instance)
    yield not_a_choice(_name(path), node.span, choices, found)


def _range(error: Any, path: Path, root: Mapping) -> Iterator[Diagnostic]:
    yield out_of_range(
        _name(path), _node(root, path).span, _expected(error), describe(error.instance).strip("`")
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
        message = f"`{_name(path)}` is not possible with this `model`"
        yield Diagnostic(code, slug, Severity.ERROR, message, _key_span(root, path))
        return
    yield wrong_type(_name(path), _node(root, path).span, _expected(error), describe(error.instance))


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


# --- places ---------------------------------------------------------------------------------------


def _node(root: Node, path: Iterable[str | int]) -> Node:
    found = entry_at(root, path)
    return found.value if isinstance(found, Entry) else found


def _key_span(root: Node, path: Iterable[str | int]) -> Span:
    found = entry_at(root, path)
    return found.key.span if isinstance(found, Entry) else Span(found.span.file, 0, 0, 0, 0)


def _name(path: Sequence[str | int]) -> str:
    return str(path[-1]) if path else "the file"


def _renamed(root: Mapping, renames: Iterable[Rename]) -> Mapping:
    for path, old, new in renames:
        renamed = _replace(root, path, old, new)
        assert isinstance(renamed, Mapping)
        root = renamed
    return root


def _replace(node: Node, path: Path, old: str, new: str) -> Node:
    if not isinstance(node, Mapping):
        return node
    if not path:
        entries = (
            attrs.evolve(entry, key=attrs.evolve(entry.key, text=new)) if entry.name == old else entry
            for entry in node
        )
        return attrs.evolve(node, entries=tuple(entries))
    entries = (
        attrs.evolve(entry, value=_replace(entry.value, path[1:], old, new))
        if entry.name == str(path[0])
        else entry
        for entry in node
    )
    return attrs.evolve(node, entries=tuple(entries))
