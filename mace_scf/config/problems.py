"""The findings about structure that config and schema share: unknown keys, wrong types, missing keys."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..catalog import synonyms
from ..catalog.suggest import suggest
from ..diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from ..source import Scalar


def unknown_key(
    key: Scalar, legal: Sequence[str], *, place: str,
    meant: str = "", advice: str = "", taken: Sequence[str] = (),
) -> Diagnostic:  # fmt: skip
    """`key` is not among the `legal` names of a `place`.

    Args:
        key: as written.
        legal: what the place takes.
        place: for the message.
        meant: the legal key that other trainers call so.
        advice: where it belongs, if it belongs elsewhere.
        taken: legal keys that are given already.
    """
    alike = (meant,) if meant else suggest(key.text, legal)
    # where the likeliest is there already, the next likes would be guesses at something else
    twin = alike[0] if alike and alike[0] in taken else ""
    near = () if twin else tuple(name for name in alike if name not in taken)
    return Diagnostic(
        "C101", "unknown-key", Severity.ERROR, f"unknown key `{key.text}` in {place}", key.span,
        when=_UNKNOWN_WHEN.get(place, "the trainer ignores the key and says nothing"),
        help=advice or _unknown_help(key.text, near, meant, twin),
        suggestions=near,
        fix=_renaming(key, near[0], place) if len(near) == 1 and not advice else None,
    )  # fmt: skip


def _renaming(key: Scalar, name: str, place: str) -> Fix | None:
    """Safe where the name is spelt alike, or means the same: quantities differ in unit, sign or scale."""
    fix = rename(key, name)
    certain = place not in _OTHER_QUANTITIES or bool(suggest(key.text, (name,)))
    return fix if fix is None or certain else attrs.evolve(fix, safe=False)


_OTHER_QUANTITIES = ("the loss", "`info_keys`", "`arrays_keys`", "`scf`")

_LABEL_UNREAD = "the trainer loads the label and uses it for nothing; the one that was meant counts as absent"
_UNKNOWN_WHEN = {
    "the head": "the trainer stops at start-up",
    "`info_keys`": _LABEL_UNREAD,
    "`arrays_keys`": _LABEL_UNREAD,
    "the run": "the trainer stops at start-up: unrecognized arguments",
    "the command": "the trainer stops at start-up: unrecognized arguments",
    "the heads": "the trainer stops at start-up",
    "`fixed_point_training_options`": "the trainer stops at start-up",
    "`scf`": "the trainer stops at start-up",
}


def _unknown_help(name: str, near: Sequence[str], meant: str, twin: str) -> str:
    if twin:
        return f"`{twin}` is given already: remove `{name}`"
    if meant:
        return f"use `{meant}`"
    if near:
        return _did_you_mean(near)
    return f"remove `{name}`"


def _did_you_mean(near: Sequence[str]) -> str:
    return "did you mean " + " or ".join(f"`{candidate}`" for candidate in near) + "?"


def rename(key: Scalar, name: str) -> Fix | None:
    """Write another name at the place of a key, inside its quotes."""
    span = key.span
    if key.style in ("'", '"'):
        if span.line != span.end_line or span.end_column - span.column != len(key.text) + 2:
            return None
        span = Span(span.file, span.line, span.column + 1, span.line, span.end_column - 1)
    elif key.style not in ("", "$"):
        return None
    return Fix(f"rename `{key.text}` to `{name}`", (Edit(span, name),))


def wrong_type(name: str, span: Span, expected: str, found: str, *, when: str = "") -> Diagnostic:
    """The value at `span` is not what `name` takes."""
    return Diagnostic(
        "C110", "wrong-type", Severity.ERROR, f"`{name}` takes {expected}, not {found}", span,
        when=when or "the trainer stops at start-up", help=f"give {expected}",
    )  # fmt: skip


def not_a_choice(name: str, span: Span, choices: Sequence[str], found: str) -> Diagnostic:
    """The text at `span` is none of the values that `name` knows."""
    near = _near_choices(found, choices)
    word = synonyms.folded(found)
    certain = bool(near) and (word in synonyms.SAME or near[0].startswith(word) or bool(suggest(found, near)))
    fix = Fix(f"write `{near[0]}`", (Edit(span, near[0]),), certain) if len(near) == 1 else None
    listed = ", ".join(f"`{choice}`" for choice in choices)
    return Diagnostic(
        "C111", "not-a-choice", Severity.ERROR, f"`{name}` knows no `{found}`", span,
        notes=(f"it knows {listed}",), when="the trainer stops at start-up",
        help=_did_you_mean(near) if near else f"choose one of {listed}",
        suggestions=near, fix=fix,
    )  # fmt: skip


def _near_choices(found: str, choices: Sequence[str]) -> tuple[str, ...]:
    """The choice itself in other capitals, or what other trainers call so, or what looks alike."""
    exact = tuple(choice for choice in choices if synonyms.folded(choice) == synonyms.folded(found))
    meant = synonyms.VALUES.get(synonyms.folded(found), "")
    return exact or ((meant,) if meant in choices else suggest(found, choices))


def out_of_range(name: str, span: Span, expected: str, found: str) -> Diagnostic:
    """The number at `span` is outside the limits of `name`."""
    return Diagnostic(
        "C112", "out-of-range", Severity.ERROR, f"`{name}` takes {expected}, not {found}", span,
        when="the trainer stops, or trains something without meaning", help=f"give {expected}",
    )  # fmt: skip


def missing_key(
    name: str, span: Span, *, place: str, when: str = "", labels: tuple[Label, ...] = ()
) -> Diagnostic:
    """A mandatory key is absent from a block."""
    return Diagnostic(
        "C113", "missing-key", Severity.ERROR, f"{place} lacks `{name}`", span, labels=labels,
        when=when or "the trainer stops at start-up", help=f"add `{name}`",
    )  # fmt: skip
