"""The findings about a declaration file: codes E."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..catalog.suggest import suggest
from ..diagnostics import Diagnostic, Edit, Fix, Severity, Span
from ..source import Mapping, Node, Scalar, editor_object

LEFT_OUT = "nothing of this file is used until it is mended; configs are checked without it"
_KINDS = {"float": "number", "int": "integer", "str": "string", "text": "string", "dict": "mapping"}
_MOST_CHOICES = 16


def unknown_key(key: Scalar, legal: Iterable[str], place: str) -> Diagnostic:
    """A key that this place of a declaration does not take."""
    names = tuple(legal)
    near = suggest(key.text, names)
    listed = ", ".join(f"`{name}`" for name in names)
    return Diagnostic(
        "E101", "extension-unknown-key", Severity.ERROR, f"unknown key `{key.text}` in {place}", key.span,
        notes=() if near else (f"it takes {listed}",), when=LEFT_OUT,
        help=meant(near) or f"remove `{key.text}`", suggestions=near, fix=_rename(key, near),
    )  # fmt: skip


def wrong_type(name: str, node: Node, expected: str) -> Diagnostic:
    """A value of another type than the declaration wants."""
    return Diagnostic(
        "E102", "extension-wrong-value", Severity.ERROR, f"`{name}` takes {expected}, not {described(node)}",
        node.span,
        when=LEFT_OUT, help=f"give {expected}", fix=_likely(node, expected),
    )  # fmt: skip


def _likely(node: Node, expected: str) -> Fix | None:
    """One name where a list of names is wanted; an ending with its point."""
    if not isinstance(node, Scalar) or not node.is_plain or re.fullmatch(r"\.?\w+", node.text) is None:
        return None
    forms = {"a list": f"[{node.text}]", "an ending": f".{node.text}"}
    text = next((form for words, form in forms.items() if expected.startswith(words)), "")
    return Fix(f"write `{text}`", (Edit(node.span, text),), safe=False) if text else None


def not_a_choice(name: str, node: Node, choices: Sequence[str]) -> Diagnostic:
    """A word that is none of those that the declaration knows."""
    text = node.text if isinstance(node, Scalar) else ""
    known = _KINDS.get(text.casefold(), "")
    near = (known,) if known in choices else suggest(text, choices) if text else ()
    listed = _listed(choices)
    found = f"`{node.text}`" if isinstance(node, Scalar) and node.text else described(node)
    return Diagnostic(
        "E102", "extension-wrong-value", Severity.ERROR, f"`{name}` knows no {found}", node.span,
        notes=(f"it knows {listed}",), when=LEFT_OUT, help=meant(near) or f"choose one of {listed}",
        suggestions=near, fix=_rename(node, near) if isinstance(node, Scalar) else None,
    )  # fmt: skip


def dangling(name: str, kind: str, known: Iterable[str], span: Span, owner: str) -> Diagnostic:
    """A name that nothing has."""
    near = suggest(name, tuple(sorted(known)))
    return Diagnostic(
        "E103", "extension-unknown-name", Severity.ERROR,
        f"{owner} refers to {kind} `{name}`, which does not exist", span,
        when=LEFT_OUT, help=meant(near) or f"declare {kind} `{name}`, or name one that exists", suggestions=near,
        fix=_written(name, span, near),
    )  # fmt: skip


def missing(names: Sequence[str], key: Span, owner: str, *, instead: str = "") -> Diagnostic:
    """A declaration without what it cannot do without."""
    listed = ", ".join(f"`{name}`" for name in names)
    return Diagnostic(
        "E104", "extension-incomplete", Severity.ERROR, f"{owner} lacks {listed}", key, when=LEFT_OUT,
        help=f"add {listed}{instead}",
    )  # fmt: skip


def taken(kind: str, name: str, span: Span, trainer: str) -> Diagnostic:
    """Something is added that is there already."""
    return Diagnostic(
        "E105", "extension-name-taken", Severity.ERROR, f"trainer `{trainer}` has {kind} `{name}` already", span,
        when=LEFT_OUT, help=f"put `{name}` under `change` to alter it",
    )  # fmt: skip


def contradiction(message: str, span: Span, *, advice: str, notes: tuple[str, ...] = ()) -> Diagnostic:
    """Two parts of a declaration that cannot both be right."""
    return Diagnostic(
        "E106", "extension-contradicts-itself", Severity.ERROR, message, span, notes=notes, when=LEFT_OUT,
        help=advice,
    )  # fmt: skip


def another_base(
    extends: str, name: str, span: Span, bases: Sequence[str], known: Sequence[str]
) -> Diagnostic:
    """An extension of a trainer that is not the one in use."""
    exists = extends in known
    near = () if exists else suggest(extends, tuple(known))
    here = " and ".join(f"`{base}`" for base in bases)
    problem = (
        f"`{name}` extends `{extends}`, but this check is for {here}"
        if exists
        else f"there is no trainer `{extends}`"
    )
    advice = f"check with `--trainer {extends}`, or leave the extension out" if exists else (
        meant(near) or f"choose one of {', '.join(f'`{other}`' for other in known)}")  # fmt: skip
    return Diagnostic(
        "E107", "extension-of-another-trainer", Severity.ERROR, problem, span,
        when="the extension is left out; the config is checked without it", help=advice, suggestions=near,
        fix=_written(extends, span, near),
    )  # fmt: skip


def unreadable(what: str, span: Span | None, *, advice: str) -> Diagnostic:
    """A file that holds no declarations at all, or is not there."""
    return Diagnostic(
        "E108", "extension-unreadable", Severity.ERROR, what, span,
        when="configs are checked without it", help=advice,
    )  # fmt: skip


def unknown_rule(key: Scalar, near: tuple[str, ...]) -> Diagnostic:
    """A severity for a code that no rule has."""
    return Diagnostic(
        "E103", "extension-unknown-name", Severity.ERROR,
        f"`severity` is set for `{key.text}`, but there is no such rule", key.span,
        when="the line has no effect", help=meant(near) or "`mace-scf explain` lists codes and their names",
        suggestions=near, fix=_rename(key, near),
    )  # fmt: skip


def _listed(choices: Sequence[str]) -> str:
    shown = ", ".join(f"`{choice}`" for choice in choices[:_MOST_CHOICES])
    more = len(choices) - _MOST_CHOICES
    return f"{shown} and {more} more" if more > 0 else shown


def described(node: Node) -> str:
    """A short phrase for what was written."""
    if isinstance(node, Mapping):
        return "a mapping"
    if not isinstance(node, Scalar):
        return "a list"
    value = editor_object(node)
    shown = node.text if len(node.text) <= 40 else node.text[:37] + "..."
    if value is None:
        return "nothing"
    return (
        f"the text `{shown}`"
        if isinstance(value, str) and shown
        else f"`{shown}`"
        if shown
        else "an empty text"
    )


def meant(near: Sequence[str]) -> str:
    """``did you mean `a` or `b`?``, or nothing."""
    return "did you mean " + " or ".join(f"`{name}`" for name in near) + "?" if near else ""


def _written(name: str, span: Span, near: Sequence[str]) -> Fix | None:
    """The likely name at a place that holds just the present one."""
    plain = span.line == span.end_line and span.end_column - span.column == len(name)
    return Fix(f"write `{near[0]}`", (Edit(span, near[0]),), safe=False) if plain and len(near) == 1 else None


def _rename(word: Scalar, near: Sequence[str]) -> Fix | None:
    if len(near) != 1 or not word.is_plain:
        return None
    return Fix(f"write `{near[0]}`", (Edit(word.span, near[0]),), safe=False)
