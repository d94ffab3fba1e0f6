"""The run as the trainer would see it: every option with its value and where that comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..diagnostics import Report, ResolvedSetting
from ..source.ignore import Ignore, read_ignores

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORDS = frozenset("y yes n no on off true false null".split())  # no texts for a reader of YAML 1.1


def render_resolved(report: Report[Any], texts: Mapping[str, str] | None = None) -> str:
    """YAML, one value a line, its source as a comment; what was not seen is a comment only.

    The trainer's reader, which keeps to YAML 1.1, takes every value for what it is.

    Args:
        report: on the run.
        texts: files of the run by name, whose comments that silence findings go along with their values.
    """
    ignores = [ignore for name, text in (texts or {}).items() for ignore in read_ignores(text, file=name)]
    everywhere = [ignore.text for ignore in ignores if not ignore.lines]
    lines = _lines(report.settings, "", _silenced(report.settings, ignores))
    return "\n".join(["# every option of the run, with its source", *everywhere, *lines]) + "\n"


def _silenced(settings: Iterable[ResolvedSetting], ignores: Sequence[Ignore]) -> dict[str, str]:
    """Comments that silence findings, by the place of the only value on their line."""
    places: dict[str, list[str]] = {}
    for place in _places(settings) if ignores else ():
        places.setdefault(place.rpartition(":")[0], []).append(place)
    found = (
        (places.get(f"{ignore.span.file}:{ignore.lines.start + 1}", []), ignore.text)
        for ignore in ignores
        if len(ignore.lines) == 1
    )
    return {beside[0]: text for beside, text in found if len(beside) == 1}


def _places(settings: Iterable[ResolvedSetting]) -> Iterator[str]:
    for setting in settings:
        yield setting.place
        yield from _places(setting.parts)


def _lines(settings: Iterable[ResolvedSetting], indent: str, silenced: Mapping[str, str]) -> Iterator[str]:
    for setting in settings:
        source = f"{setting.source} {setting.place}".rstrip()
        if setting.place in silenced:
            source += f"  {silenced[setting.place]}"
        key = f"{indent}{_key(setting.name)}:"
        if not setting.known:
            yield f"{indent}# {setting.name}: {source}"
        elif setting.written is None:  # a null in a file would be another thing for some options
            yield f"{indent}# {setting.name}: none, {source}"
        elif setting.parts:
            yield f"{key}  # {source}"
            yield from _lines(setting.parts, indent + "  ", silenced)
        else:
            yield f"{key} {_value(setting.written)}  # {source}"


def _key(name: Any) -> str:
    """Stage numbers are numbers; words that YAML 1.1 has for truth are texts."""
    if not isinstance(name, str):
        return _value(name)
    return name if _PLAIN.fullmatch(name) and name.lower() not in _WORDS else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_value(item)}" for key, item in value.items()) + "}"
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _float(value: float) -> str:
    """With a point and a signed exponent, so that YAML 1.1 reads a number too."""
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    if "e" not in text:
        return text
    digits, exponent = text.split("e")
    return (
        f"{digits if '.' in digits else f'{digits}.0'}e{exponent if exponent[0] in '+-' else f'+{exponent}'}"
    )
