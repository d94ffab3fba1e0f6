"""The dataset card: a profile as a file that stands in for the data.

A card is YAML whose every line is ``key: value`` with a JSON value, so that it is small, fast to read,
and can be compared line by line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from .damage import Example, Finding
from .exact import decode, encode
from .facts import FileFacts, HashSketch, IsolatedAtom, NormalEquations
from .frame import Item
from .loader import Verdict
from .moments import moments_from_dict, moments_to_dict
from .place import Place, Tally
from .profile import DatasetProfile, Occurrence, Seen
from .reading import Reading

CARD_VERSION = 1
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_HEAD = "# A dataset card: what was measured in the data files. Written by `mace-scf profile`.\n"


def write_card(profile: DatasetProfile, path: str | Path) -> None:
    """Write a card."""
    lines = [f"{key}: {_json(value)}\n" for key, value in to_dict(profile).items()]
    Path(path).write_text(_HEAD + "".join(lines), encoding="utf-8")


def _json(value: Any) -> str:
    """JSON on one line that is YAML, too: what YAML takes for a line end, or cannot hold, is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_YAML.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def card_lines(text: str) -> dict[str, Any]:
    """Content of a card that is still as it was written: one key a line, with JSON behind it.

    Raises:
        ValueError: it is anything else.
    """
    lines = (line for line in text.split("\n") if line and not line.startswith("#"))
    return {key: json.loads(value) for key, value in (line.split(": ", 1) for line in lines)}


def to_dict(profile: DatasetProfile) -> dict[str, Any]:
    """A JSON-safe form that :func:`from_dict` turns back without any loss."""
    names = {path: number for number, path in enumerate(sorted(_file_names(profile)))}
    items = {item: number for number, item in enumerate(sorted(_all_items(profile), key=repr))}
    return {
        "card_version": CARD_VERSION,
        "frames": profile.frames,
        "atoms": profile.atoms,
        "value_frames": profile.value_frames,
        "crowded": profile.crowded,
        "file_names": list(names),
        "files": [_file(facts) for _, facts in sorted(profile.files.items())],
        "items": [[*_item(item), *_seen(profile.items.get(item), names)] for item in items],
        "patterns": _tally(profile.patterns, lambda key: sorted(items[item] for item in key)),
        "pattern_places": [
            _place(profile.pattern_places[key], names)
            for key in sorted(profile.pattern_places, key=lambda key: sorted(items[item] for item in key))
        ],
        "groups": _tally(profile.groups, list),
        "group_items": _tally(profile.group_items, lambda key: [key[0], key[1], items[key[2]]]),
        "numbers": [
            [*key, _moments(moments_to_dict(profile.numbers[key]), names)] for key in sorted(profile.numbers)
        ],
        "scalars": {
            key: _tally(tally, lambda value: value) for key, tally in sorted(profile.scalars.items())
        },
        "texts": {key: _tally(tally, lambda value: value) for key, tally in sorted(profile.texts.items())},
        "sizes": _tally(profile.sizes, lambda value: value),
        "largest": [[size, *_place(place, names)] for size, place in profile.largest],
        "elements": [
            [number, seen.atoms, seen.frames, *_place(seen.first, names)]
            for number, seen in sorted(profile.elements.items())
        ],
        "element_sets": _tally(profile.element_sets, sorted),
        "energies": {key: _equations(value) for key, value in sorted(profile.energies.items())},
        "isolated": [
            [_place(atom.place, names), atom.number, [list(pair) for pair in atom.energies], atom.pbc]
            for atom in profile.isolated
        ],
        "frame_hashes": _sketch(profile.frame_hashes, names),
        "block_hashes": _sketch(profile.block_hashes, names),
        "damage": [_finding(profile.damage[code], names) for code in sorted(profile.damage)],
    }


def from_dict(data: Mapping[str, Any]) -> DatasetProfile:
    """The profile behind :func:`to_dict`.

    Raises:
        ValueError: another version of the form.
    """
    if data["card_version"] != CARD_VERSION:
        raise ValueError(f"card version {data['card_version']}, not {CARD_VERSION}")
    names = data["file_names"]
    items = [_item_from(row) for row in data["items"]]
    return DatasetProfile(
        files={row["path"]: _file_from(row) for row in data["files"]},
        frames=data["frames"],
        atoms=data["atoms"],
        items={
            item: Seen(row[7], _place_from(row[8:], names))
            for item, row in zip(items, data["items"], strict=True)
            if len(row) > 7
        },
        patterns=_tally_from(data["patterns"], lambda key: frozenset(items[number] for number in key)),
        pattern_places={
            frozenset(items[number] for number in key): _place_from(place, names)
            for key, place in zip(
                sorted(key for key, _ in data["patterns"]["counts"]),
                data["pattern_places"],
                strict=False,  # there are none where not all patterns are kept
            )
        },
        groups=_tally_from(data["groups"], lambda key: (key[0], key[1])),
        group_items=_tally_from(data["group_items"], lambda key: (key[0], key[1], items[key[2]])),
        numbers={
            (row[0], row[1], row[2]): moments_from_dict(_moments_named(row[3], names))
            for row in data["numbers"]
        },
        scalars={key: _tally_from(value, float) for key, value in data["scalars"].items()},
        texts={key: _tally_from(value, str) for key, value in data["texts"].items()},
        sizes=_tally_from(data["sizes"], int),
        largest=tuple((row[0], _place_from(row[1:], names)) for row in data["largest"]),
        elements={
            row[0]: Occurrence(row[1], row[2], _place_from(row[3:], names)) for row in data["elements"]
        },
        element_sets=_tally_from(data["element_sets"], frozenset),
        energies={key: _equations_from(value) for key, value in data["energies"].items()},
        isolated=tuple(
            IsolatedAtom(
                _place_from(row[0], names),
                row[1],
                tuple((key, energy) for key, energy in row[2]),
                row[3],
            )
            for row in data["isolated"]
        ),
        frame_hashes=_sketch_from(data["frame_hashes"], names),
        block_hashes=_sketch_from(data["block_hashes"], names),
        damage={row["code"]: _finding_from(row, names) for row in data["damage"]},
        value_frames=data["value_frames"],
        crowded=data["crowded"],
    )


def _file_names(profile: DatasetProfile) -> set[str]:
    names = set(profile.files)
    names |= {seen.first.file for seen in profile.items.values()}
    names |= {place.file for place in profile.pattern_places.values()}
    return names | {place.file for _, place in profile.largest}


def _all_items(profile: DatasetProfile) -> set[Item]:
    items = set(profile.items)
    for pattern in profile.patterns.counts:
        items |= pattern
    return items | {key[2] for key in profile.group_items.counts}


def _item(item: Item) -> list[Any]:
    written = item.written
    return [
        item.location,
        item.key,
        item.reading.kind,
        list(item.reading.shape),
        None if written is None else written.kind,
        [] if written is None else list(written.shape),
        item.detail,
    ]


def _item_from(row: list[Any]) -> Item:
    written = None if row[4] is None else Reading(row[4], tuple(row[5]))
    return Item(row[0], row[1], Reading(row[2], tuple(row[3])), written, row[6])


def _seen(seen: Seen | None, names: Mapping[str, int]) -> list[Any]:
    return [] if seen is None else [seen.count, *_place(seen.first, names)]


def _place(place: Place, names: Mapping[str, int]) -> list[int]:
    return [names[place.file], place.frame, place.atom]


def _place_from(row: list[int], names: list[str]) -> Place:
    return Place(names[row[0]], row[1], row[2])


def _tally(tally: Tally[Any], shown: Any) -> dict[str, Any]:
    counts = [[shown(key), count] for key, count in tally.counts.items()]
    return {"limit": tally.limit, "overflow": tally.overflow, "counts": sorted(counts, key=repr)}


def _tally_from(data: Mapping[str, Any], key: Any) -> Tally[Any]:
    return Tally({key(shown): count for shown, count in data["counts"]}, data["limit"], data["overflow"])


def _file(facts: FileFacts) -> dict[str, Any]:
    return attrs.asdict(facts)


def _file_from(row: Mapping[str, Any]) -> FileFacts:
    stop, refusal = row["stop"], row["refusal"]
    changed = {
        "stop": None if stop is None else Verdict(**stop),
        "refusal": None if refusal is None else (refusal[0], refusal[1]),
    }
    return FileFacts(**{**row, **changed})


def _moments(data: dict[str, Any], names: Mapping[str, int]) -> dict[str, Any]:
    for key, at in (("minimum", 1), ("maximum", 1), ("first_nan", 0)):
        if data[key] is not None:
            data[key][at] = names[data[key][at]]
    return data


def _moments_named(data: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    named = dict(data)
    for key, at in (("minimum", 1), ("maximum", 1), ("first_nan", 0)):
        if named[key] is not None:
            named[key] = [*named[key][:at], names[named[key][at]], *named[key][at + 1 :]]
    return named


def _equations(equations: NormalEquations) -> dict[str, Any]:
    return {
        "frames": equations.frames,
        "gram": [[one, two, equations.gram[one, two]] for one, two in sorted(equations.gram)],
        "moment": [[number, encode(equations.moment[number])] for number in sorted(equations.moment)],
    }


def _equations_from(data: Mapping[str, Any]) -> NormalEquations:
    gram = {(one, two): count for one, two, count in data["gram"]}
    return NormalEquations(data["frames"], gram, {number: decode(total) for number, total in data["moment"]})


def _sketch(sketch: HashSketch, names: Mapping[str, int]) -> dict[str, Any]:
    values = sorted(sketch.seen)
    return {
        "method": sketch.method,
        "complete": sketch.complete,
        "values": "".join(f"{value:016x}" for value in values),
        "counts": [sketch.seen[value][0] for value in values],
        "places": [_place(sketch.seen[value][1], names)[:2] for value in values],
    }


def _sketch_from(data: Mapping[str, Any], names: list[str]) -> HashSketch:
    text = data["values"]
    values = [int(text[at : at + 16], 16) for at in range(0, len(text), 16)]
    seen = {
        value: (count, Place(names[place[0]], place[1]))
        for value, count, place in zip(values, data["counts"], data["places"], strict=True)
    }
    return HashSketch(seen, data["complete"], data["method"])


def _finding(finding: Finding, names: Mapping[str, int]) -> dict[str, Any]:
    examples = [
        [_place(example.place, names), example.line, example.offset, example.excerpt, example.detail]
        for example in finding.examples
        if example.place.file in names
    ]
    return {"code": finding.code, "count": finding.count, "examples": examples}


def _finding_from(row: Mapping[str, Any], names: list[str]) -> Finding:
    examples = tuple(Example(_place_from(place, names), *rest) for place, *rest in row["examples"])
    return Finding(row["code"], row["count"], examples)
