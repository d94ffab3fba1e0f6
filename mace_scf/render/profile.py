"""A dataset profile for people: tables of labels, cells, elements and sizes, and what is damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mace_scf.catalog.elements import SYMBOLS
from mace_scf.dataset.answers import KeyFacts, frame_classes, key_facts, label_patterns, volume_per_atom
from mace_scf.dataset.compare import Difference
from mace_scf.dataset.findings import diagnostics, loader_sentence
from mace_scf.dataset.moments import Moments
from mace_scf.dataset.profile import DatasetProfile
from mace_scf.diagnostics import Severity

from .numbers import numbers_parts
from .tables import add_row, new_table

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_MOST_ROWS = 12


def profile_view(splits: Mapping[str, DatasetProfile], *, width: int = 120) -> RenderableType:
    """Everything worth knowing about some splits (``train``, ``valid``, …), as tables.

    Args:
        splits: by name.
        width: columns of the terminal; tables of a narrow one are laid out otherwise.
    """
    return Group(*_parts(splits, width))


def comparison_view(first: str, second: str, differences: Sequence[Difference]) -> RenderableType:
    """What one file has otherwise than another, one row each."""
    if not differences:
        return Text(f"{second} is like {first}, and shares no frame with it")
    table = new_table(f"{second} against {first}", "what", "name", first, second)
    for difference in differences:
        add_row(table, difference.aspect, difference.name, difference.first, difference.second)
    return table


def _parts(splits: Mapping[str, DatasetProfile], width: int) -> Iterator[RenderableType]:
    yield files_table(splits)
    yield labels_table(splits)
    for name, profile in splits.items():
        yield patterns_table(name, profile)
    yield cells_table(splits)
    yield elements_table(splits)
    yield from numbers_parts(splits, width=width)
    yield damage_text(splits)


def files_table(splits: Mapping[str, DatasetProfile]) -> Table:
    """One row a file, with what the trainer's loader makes of it."""
    table = new_table(
        "files", "split", "file", "MB>", "frames>", "atoms>", "largest frame>", "the trainer's loader"
    )
    for name, profile in splits.items():
        for facts in profile.files.values():
            largest = -profile.largest[0][0] if profile.largest else 0
            sentence = loader_sentence(facts, frames=facts.frames)
            add_row(
                table,
                name,
                facts.path,
                f"{facts.size / 1e6:.1f}",
                str(facts.frames),
                str(facts.atoms),
                str(largest),
                sentence,
            )
    return table


def labels_table(splits: Mapping[str, DatasetProfile]) -> Table:
    """Label × split: frames that carry it, its form, and whether the loader finds it."""
    table = new_table("labels", "key", "where", "form", *(f"{name}>" for name in splits), "reachable")
    facts = {
        name: {(key.location, key.key): key for key in key_facts(profile)} for name, profile in splits.items()
    }
    for pair in sorted(
        {pair for keys in facts.values() for pair in keys}, key=lambda pair: (pair[0] != "info", pair)
    ):
        first = next(keys[pair] for keys in facts.values() if pair in keys)
        counts = [_share(keys.get(pair), splits[name].frames) for name, keys in facts.items()]
        add_row(table, pair[1], pair[0], _form(first), *counts, _reach(first))
    return table


def patterns_table(name: str, profile: DatasetProfile) -> RenderableType:
    """Which labels come together in one split."""
    if profile.patterns.overflow:
        return Text(f"{name}: more label patterns than can be listed")
    table = new_table(f"label patterns in {name}", "frames>", "labels")
    for labels, count in list(label_patterns(profile).items())[:_MOST_ROWS]:
        add_row(table, str(count), " ".join(labels) or "none")
    return table


def cells_table(splits: Mapping[str, DatasetProfile]) -> Table:
    """Boundary flags, handedness of the cells, volume per atom."""
    table = new_table("cells", "split", "pbc", "frames>", "volume per atom (Å³)", "cells")
    for name, profile in splits.items():
        cells = ", ".join(f"{count} {kind}" for kind, count in frame_classes(profile, "cell").items())
        for flags, count in frame_classes(profile, "pbc").items():
            add_row(table, name, flags, str(count), _range(volume_per_atom(profile, flags)), cells)
            cells = ""
    return table


def elements_table(splits: Mapping[str, DatasetProfile]) -> Table:
    """Frames and atoms of every element, by split."""
    table = new_table(
        "elements", "element", *(f"{name}: {what}>" for name in splits for what in ("frames", "atoms"))
    )
    for number in sorted({number for profile in splits.values() for number in profile.elements}):
        cells: list[str] = []
        for profile in splits.values():
            seen = profile.elements.get(number)
            cells += ["0", "0"] if seen is None else [str(seen.frames), str(seen.atoms)]
        add_row(table, SYMBOLS[number], *cells)
    return table


def damage_text(splits: Mapping[str, DatasetProfile]) -> Text:
    """Every finding with its place, and what would happen."""
    text = Text()
    for profile in splits.values():
        for finding in diagnostics(profile):
            where = finding.span.shown if finding.span is not None else ""
            text.append(f"{where} {finding.severity.word} [{finding.code}] ", style=_STYLES[finding.severity])
            text.append(f"{finding.message}\n")
            for note in (*finding.notes, finding.when):
                text.append(f"    {note}\n" if note else "", style="dim")
    return text


def _share(facts: KeyFacts | None, frames: int) -> str:
    return f"{facts.frames if facts is not None else 0} of {frames}"


def _form(facts: KeyFacts) -> str:
    return " | ".join(reading.shown for reading, _ in facts.readings[:3])


def _reach(facts: KeyFacts) -> str:
    if facts.reach.reachable:
        return "yes" if facts.reach.name == facts.key else f"as {facts.reach.name}"
    rewritten = f"; the trainer rewrites it to {facts.reach.rewritten}" if facts.reach.rewritten else ""
    return f"no: {facts.reach.why}{rewritten}"


def _range(moments: Moments | None) -> str:
    if moments is None or moments.minimum is None or moments.maximum is None:
        return "-"
    return f"{moments.minimum.value:.4g} to {moments.maximum.value:.4g}"
