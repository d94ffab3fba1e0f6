"""From documents to a typed run: strict conversions, nothing coerced, every value with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, get_args, get_origin

import attrs
from cattrs import BaseConverter

from ..catalog.option import Kind, Option, is_number, is_whole, shown
from ..catalog.trainer import Trainer
from ..diagnostics import Diagnostic, Span
from ..source import Entry, Mapping, Node, Scalar, is_undecided, trainer_object
from .effective import Effective
from .literal import literal_fault
from .problems import not_a_choice, out_of_range, wrong_type
from .run import FixedPointOptions, Head, LenientFloat, RunConfig, ScfOptions, Stage, TermEntry
from .setting import Setting, Source
from .values import Converted, convert


def structure(
    effective: Effective, trainer: Trainer, *, complete: bool
) -> tuple[RunConfig, tuple[Diagnostic, ...]]:
    """The run and what its option values failed to convert to.

    Args:
        effective: file and command line laid over each other.
        trainer: whose options, blocks and defaults apply.
        complete: nothing else can be given, so that defaults count as known.
    """
    options, problems = _options(effective, trainer, complete)
    stages = _stages(effective.root.get("train_schedule"), trainer)
    heads = _heads(effective.root.get("heads"))
    run = RunConfig(
        options=options, heads=heads, stages=stages, complete=complete,
        is_fragment=bool(stages) and not options["heads"].given and not _any_epochs(stages),
    )  # fmt: skip
    return run, problems


def _any_epochs(stages: Iterable[Stage]) -> bool:
    return any(stage.start.given or stage.end.given for stage in stages)


# --- options --------------------------------------------------------------------------------------


def _options(
    effective: Effective, trainer: Trainer, complete: bool
) -> tuple[dict[str, Setting[Any]], tuple[Diagnostic, ...]]:
    written = _written(effective, trainer)
    problems: list[Diagnostic] = []
    settings: dict[str, Setting[Any]] = {}
    for option in trainer.options:
        setting = _absent(option, known=complete)
        if option.name in effective.unknown:
            argument = effective.unknown[option.name]
            setting = Setting(option.name, source=Source.COMMAND_LINE, key_span=argument.flag.span)
        elif option.name in written:
            entry, source = written[option.name]
            setting = _option_setting(option, entry, source, setting, problems)
        settings[option.name] = setting
    return settings, tuple(problems)


def _written(effective: Effective, trainer: Trainer) -> dict[str, tuple[Entry, Source]]:
    found = {}
    for entry in effective.root:
        option = trainer.option_by_name.get(entry.name)
        if option is not None:
            found[option.name] = (entry, effective.sources.get(entry.name, Source.FILE))
    return found


def _option_setting(
    option: Option, entry: Entry, source: Source, absent: Setting[Any], problems: list[Diagnostic]
) -> Setting[Any]:
    raw = trainer_object(entry.value)
    if is_undecided(entry.value) and not _has_blocks(option):
        return Setting(option.name, source=source, node=entry.value, key_span=entry.key.span, raw=raw)
    converted = convert(option, entry.value)
    if converted.expected:
        problems.append(_unconverted(option, entry, converted, raw))
    if not converted.given:
        return attrs.evolve(absent, node=entry.value, key_span=entry.key.span, raw=raw)
    return Setting(
        option.name, converted.value, source, not converted.expected, entry.value, entry.key.span, raw
    )  # fmt: skip


def _has_blocks(option: Option) -> bool:
    """Heads and stages, whose values are settings of their own."""
    return option.name in ("heads", "train_schedule")


def _unconverted(option: Option, entry: Entry, converted: Converted, raw: Any) -> Diagnostic:
    """Why the argument parser refuses a value: its type, its limits or its choices."""
    name, span = entry.name, entry.value.span
    if not converted.outside:
        finding = wrong_type(name, span, converted.expected, describe(raw))
        fault = _fault(option, entry.value)
        return attrs.evolve(finding, notes=(f"Python cannot read it: {fault}",)) if fault else finding
    found = str(raw)
    if option.choices:
        return not_a_choice(name, span, [str(choice) for choice in option.choices], found)
    return out_of_range(name, span, converted.expected, found)


def _fault(option: Option, node: Node) -> str:
    """What is wrong with a text that was meant as a mapping; "" for other values."""
    meant = option.kind is Kind.MAPPING and isinstance(node, Scalar) and node.text.lstrip()[:1] == "{"
    return literal_fault(node.text) if meant and isinstance(node, Scalar) else ""


def _absent(option: Option, *, known: bool) -> Setting[Any]:
    if known:
        return Setting(option.name, option.default, Source.DEFAULT, known=True)
    return Setting(option.name)


def describe(value: Any) -> str:
    """A short phrase for a wrong value.

    >>> describe("1e-3"), describe([1, 2]), describe(None)
    ('the text `1e-3`', 'a list', 'nothing')
    """
    if value == "":
        return "an empty text"
    if isinstance(value, str):
        return f"the text `{value if len(value) <= 40 else value[:37] + '...'}`"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    return f"`{shown(value)}`"


# --- blocks ---------------------------------------------------------------------------------------


def _is_numeric_text(value: Any) -> bool:
    try:
        return is_number(value) or (isinstance(value, str) and float(value) is not None)
    except ValueError:
        return False


_STRICT: dict[Any, Callable[[Any], bool]] = {
    int: is_whole,
    float: is_number,
    LenientFloat: _is_numeric_text,
    bool: lambda value: isinstance(value, bool),
    str: lambda value: isinstance(value, str),
    Any: lambda value: True,
}


@cache
def _converter() -> BaseConverter:
    """Entries become settings by the strict hook of their type; nothing else is converted.

    The converter without generated code: each class is structured a few times, compiling costs more.
    """
    converter = BaseConverter()
    converter.register_structure_hook_func(_is_setting, _setting_hook)
    for ready in (Span, Mapping):
        converter.register_structure_hook(ready, lambda value, _: value)
    for kind in (Stage, FixedPointOptions, ScfOptions):
        attrs.resolve_types(kind)
    return converter


def _is_setting(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Setting


def _setting_hook(entry: Entry, kind: Any) -> Setting[Any]:
    (wanted,) = get_args(kind)
    return entry_setting(entry, _STRICT[wanted], float if wanted is LenientFloat else None)


def entry_setting(
    entry: Entry, accepts: Callable[[Any], bool] = _STRICT[Any], cast: Callable[[Any], Any] | None = None
) -> Setting[Any]:
    """One written key of a block; its value is known only if it has the wanted type."""
    raw = trainer_object(entry.value)
    undecided = isinstance(entry.value, Scalar) and entry.value.undecided
    known = raw is not None and not undecided and accepts(raw)
    value = (cast(raw) if cast else raw) if known else None
    return Setting(entry.name, value, Source.FILE, known, entry.value, entry.key.span, raw)


def _others(entries: dict[str, Any], declared: Iterable[Option]) -> dict[str, Setting[Any]]:
    """Keys that the trainer has beside those with an attribute of their own: given, or their defaults."""
    return {
        option.name: entry_setting(entries[option.name], _STRICT[_NESTED.get(option.kind, Any)])
        if option.name in entries
        else _absent(option, known=not option.required)
        for option in declared
    }


_NESTED: dict[Kind, Any] = {
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.STRICT_BOOLEAN: bool,
    Kind.STRING: str,
}


def _block(kind: type[Any], entries: dict[str, Any], declared: Iterable[Option]) -> Any:
    """Structure one block and let the declared defaults stand for absent keys."""
    fields = {field.name for field in attrs.fields(kind)}
    written = {name: value for name, value in entries.items() if name in fields}
    block = _converter().structure(written, kind)
    if "others" in fields:
        declared_only = [option for option in declared if option.name not in fields]
        block = attrs.evolve(block, others=_others(entries, declared_only)) if declared_only else block
    defaults = {
        option.name: _absent(option, known=True)
        for option in declared
        if option.name in fields
        and option.name not in entries
        and not option.required
        and option.default is not None
    }
    return attrs.evolve(block, **defaults)


def _named(mapping: Mapping) -> dict[str, Any]:
    return {entry.name: entry for entry in mapping}


def _stages(schedule: Entry | None, trainer: Trainer) -> tuple[Stage, ...]:
    if schedule is None or not isinstance(schedule.value, Mapping):
        return ()
    stages = ((entry, entry.value) for entry in schedule.value if isinstance(entry.value, Mapping))
    return tuple(_stage(index, entry, node, trainer) for index, (entry, node) in enumerate(stages))


def _stage(index: int, entry: Entry, node: Mapping, trainer: Trainer) -> Stage:
    named = _named(node)
    ready = {"loss": named.pop("loss", None), "name": named.get("name")}
    block: Stage = _block(Stage, {**_scalars(named), "index": index, "span": node.span, "node": node,
                           "key": Entry(entry.key, entry.key)}, trainer.blocks.stage)  # fmt: skip
    loss = ready["loss"]
    return attrs.evolve(
        block,
        loss=_loss(loss) if loss is not None and isinstance(loss.value, Mapping) else {},
        loss_entry=entry_setting(loss) if loss is not None else block.loss_entry,
        group_lrs=_group_lrs(named, trainer),
        blocks=_fixed_point_blocks(named, trainer),
    )


def _scalars(named: dict[str, Any]) -> dict[str, Any]:
    return {name: entry for name, entry in named.items() if name in ("name", "start", "end", "lr")}


def _loss(entry: Entry) -> dict[str, TermEntry]:
    assert isinstance(entry.value, Mapping)
    return {line.name: _term(line) for line in entry.value}


def _term(line: Entry) -> TermEntry:
    if not isinstance(line.value, Mapping):
        return TermEntry(line.name, line.key.span, line.value, entry_setting(line, is_number))
    named = _named(line.value)
    weight = named.pop("weight", None)
    return TermEntry(
        line.name, line.key.span, line.value,
        weight=entry_setting(weight, is_number) if weight is not None else Setting("weight"),
        options={name: entry_setting(option) for name, option in named.items()},
        is_mapping=True,
    )  # fmt: skip


def _group_lrs(named: dict[str, Any], trainer: Trainer) -> dict[str, Setting[float]]:
    return {
        group: entry_setting(named[f"{group}_lr"], is_number)
        for group in trainer.parameter_groups
        if f"{group}_lr" in named
    }


def _fixed_point_blocks(named: dict[str, Any], trainer: Trainer) -> tuple[FixedPointOptions, ...]:
    spellings = {"fixed_point_training_options": False, "scf_training_options": True}
    return tuple(
        _fixed_point(named[name], deprecated, trainer)
        for name, deprecated in spellings.items()
        if name in named and isinstance(named[name].value, Mapping)
    )


def _fixed_point(entry: Entry, deprecated: bool, trainer: Trainer) -> FixedPointOptions:
    assert isinstance(entry.value, Mapping)
    named = _named(entry.value)
    scf = named.pop("scf", None)
    nested = scf.value if scf is not None and isinstance(scf.value, Mapping) else None
    if deprecated and scf is None:
        nested = entry.value  # the flat form keeps mode and iteration settings side by side
    places = {"key_span": entry.key.span, "span": entry.value.span}
    block: FixedPointOptions = _block(FixedPointOptions, {**named, **places}, trainer.blocks.fixed_point)
    return attrs.evolve(
        block,
        deprecated=deprecated,
        mode=_among_choices(block.mode, trainer.blocks.fixed_point),
        scf=_scf(nested, trainer) if nested is not None else None,
        scf_entry=entry_setting(scf) if scf is not None else block.scf_entry,
    )


def _among_choices(setting: Setting[str], declared: Iterable[Option]) -> Setting[str]:
    """A mode that the trainer does not know is no mode: what depends on it stays open, not refused."""
    choices = next((option.choices for option in declared if option.name == setting.name), ())
    refused = setting.known and choices and setting.value not in choices
    return attrs.evolve(setting, value=None, known=False) if refused else setting


def _scf(node: Mapping, trainer: Trainer) -> ScfOptions:
    block: ScfOptions = _block(ScfOptions, {**_named(node), "span": node.span}, trainer.blocks.scf)
    return block


def _heads(entry: Entry | None) -> tuple[Head, ...]:
    if entry is None or not isinstance(entry.value, Mapping):
        return ()
    return tuple(_head(line) for line in entry.value)


def _head(line: Entry) -> Head:
    name = Setting(line.name, line.name, Source.FILE, True, line.key, line.key.span, line.name)
    if not isinstance(line.value, Mapping):
        return Head(name, line.value)
    named = _named(line.value)
    info, arrays = named.get("info_keys"), named.get("arrays_keys")
    return Head(
        name, line.value, _file_keys(info), _file_keys(arrays),
        info_entry=entry_setting(info) if info is not None else Setting("info_keys"),
        arrays_entry=entry_setting(arrays) if arrays is not None else Setting("arrays_keys"),
    )  # fmt: skip


def _file_keys(entry: Entry | None) -> dict[str, Setting[str]]:
    if entry is None or not isinstance(entry.value, Mapping):
        return {}
    return {
        line.name: entry_setting(line, _STRICT[str]) for line in entry.value if isinstance(line.value, Scalar)
    }
