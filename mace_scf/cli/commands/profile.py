"""`mace-scf profile FILES`: what data files hold, as tables, JSON, or a card that stands for them."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...dataset import DatasetProfile, data_files, diagnostics, merge_profiles
from ...dataset.cache import cached_profile
from ...dataset.card import to_dict, write_card
from ...dataset.compare import Difference, compare
from ...dataset.folders import WORTH_KEEPING
from ...dataset.scan import scan_file
from ...diagnostics import Severity, finding_as_dict
from ...errors import MaceScfError, UnreadableInputError
from ...inputs import read_text
from ..status import CLEAN, FINDINGS, USAGE

_STDIN = "/dev/stdin"
_CARD_ENDINGS = (".yaml", ".yml")
_MANY = 4  # files; beyond, they are shown as one
_EVERY = 0.2  # seconds between two signs of life
_PIPED_WIDTH = 120  # where there is no terminal to ask


def run(words: Sequence[str]) -> int:
    """Measure every file; 1 if one of them is damaged so that training would suffer.

    What the numbers are is no matter of the status: only a config says which of them are labels.
    """
    arguments = _parser().parse_args(words)
    names = _names(arguments.files)
    names = names if arguments.compare else list(_once(names))
    wrong = _contradiction(arguments, names)
    if wrong:
        print(f"mace-scf: {wrong}", file=sys.stderr)
        return USAGE
    try:
        profiles = {name: _profile(name, arguments) for name in names}
        if arguments.output:
            write_card(merge_profiles(profiles.values()), arguments.output)
    except (MaceScfError, OSError) as error:
        print(f"mace-scf: {error}", file=sys.stderr)
        return USAGE
    differences = _compared(profiles) if arguments.compare else {}
    if arguments.format == "json":
        print(json.dumps(_as_dict(profiles, differences), ensure_ascii=False, indent=1))
    elif arguments.output and not arguments.compare:
        print(*_written(arguments.output, profiles), sep="\n")
    else:
        _print(profiles, differences)
    broken = any(
        finding.severity is Severity.ERROR
        for profile in profiles.values()
        for finding in diagnostics(profile)
    )
    return FINDINGS if broken else CLEAN


def _written(card: str, profiles: Mapping[str, DatasetProfile]) -> Iterator[str]:
    """What a card holds, what it stands for, and what is wrong with its numbers."""
    from ...render.numbers import not_finite

    frames = sum(profile.frames for profile in profiles.values())
    several = len(profiles) > 1
    yield f"{card}: {frames} frames of {len(profiles)} file{'s' if several else ''}{', as one set' if several else ''}"
    if several:
        yield (
            f"  one card stands for one split: `validate --dataset-card train={card}` (or valid, test) says which; "
            "for several splits write a card each"
        )
    yield from (f"  {line}" for line in not_finite(profiles))


def _names(files: Sequence[str]) -> list[str]:
    """Files behind patterns and folders, each once; `-` is what comes through a pipe."""
    return list(dict.fromkeys(_STDIN if name == "-" else path for name in files for path in data_files(name)))


def _contradiction(arguments: argparse.Namespace, names: Sequence[str]) -> str:
    """What cannot be done with these words; empty if it can."""
    if not names:
        return f"no data file in {', '.join(arguments.files)}"
    if arguments.compare and len(names) == 1:
        return f"--compare needs two files or more, and there is only {names[0]}"
    own = [name for name in names if arguments.output and _same(name, arguments.output)]
    return f"-o {arguments.output} would be written over the data" if own and not _is_card(own[0]) else ""


def _once(names: Sequence[str]) -> Iterator[str]:
    """The names without those that are other ways to one file, a link for example: it would count twice."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(os.path.realpath(name), name)
        if first == name:
            yield name
        else:
            print(f"mace-scf: {name} is {first} once more, and read once", file=sys.stderr)


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _is_card(name: str) -> bool:
    return name.endswith(_CARD_ENDINGS)


def _profile(name: str, arguments: argparse.Namespace) -> DatasetProfile:
    if _is_card(name):
        return _card_profile(name)
    progress = _Progress(name) if sys.stderr.isatty() else None
    try:
        if arguments.no_cache or not os.path.exists(name) or os.path.getsize(name) < WORTH_KEEPING:
            return scan_file(name, values=arguments.values, progress=progress)
        kept = cached_profile(name, values=arguments.values, verify=arguments.verify, progress=progress)
        if kept.trust != "scanned":
            print(f"mace-scf: {name} was known ({kept.trust}); --no-cache reads it again", file=sys.stderr)
        return kept.profile
    finally:
        if progress is not None:
            progress.close()


def _card_profile(name: str) -> DatasetProfile:
    """What a measured card holds."""
    from ...cards import read_card

    card = read_card(read_text(name).text, file=name)
    if not card.splits:
        reason = card.problems[0].message if card.problems else "it is empty"
        raise UnreadableInputError(name, f"is no dataset card: {reason}; `mace-scf validate` says more")
    if card.declared:
        reason = "is a card written by hand: nothing was measured; `mace-scf validate` checks it"
        raise UnreadableInputError(name, reason)
    return card.splits[""]


class _Progress:
    """A line on the terminal that says how far a long file is, and how fast."""

    def __init__(self, name: str) -> None:
        self.name, self.size = name, os.path.getsize(name) if os.path.exists(name) else 0
        self.done, self.start, self.shown = 0, time.monotonic(), 0.0

    def __call__(self, count: int) -> None:
        """Some more bytes were read."""
        self.done += count
        now = time.monotonic()
        if now - self.shown > _EVERY and now - self.start > 2 * _EVERY:
            self.shown = now
            rate = self.done / (now - self.start) / 1e6
            share = f"{min(100, 100 * self.done // self.size)} %" if self.size else ""
            print(f"\r{self.name}: {share}, {rate:.0f} MB/s ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave an empty line."""
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _compared(profiles: Mapping[str, DatasetProfile]) -> dict[str, tuple[Difference, ...]]:
    """Every file against the first."""
    (_, first), *others = profiles.items()
    return {name: compare(first, profile) for name, profile in others}


def _print(profiles: Mapping[str, DatasetProfile], differences: Mapping[str, Sequence[Difference]]) -> None:
    from ...render.console import PipedConsole
    from ...render.profile import comparison_view, profile_view

    console = PipedConsole(highlight=False, width=shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns)
    if differences:
        first = next(iter(profiles))
        for name, found in differences.items():
            console.print(comparison_view(first, name, found))
        return
    shown = profiles if len(profiles) <= _MANY else {"all": merge_profiles(profiles.values())}
    named = dict(zip(_short(list(shown)), shown.values(), strict=True))
    console.print(profile_view(named, width=console.width))


def _short(names: list[str]) -> list[str]:
    """Names of files without folders and endings, where that tells them apart."""
    stems = [os.path.basename(name).split(".")[0] for name in names]
    return stems if len(set(stems)) == len(names) else names


def _as_dict(
    profiles: Mapping[str, DatasetProfile], differences: Mapping[str, Sequence[Difference]]
) -> dict[str, Any]:
    import attrs

    from ...render.numbers import not_finite

    return {
        "schema_version": 1,
        "profiles": {name: to_dict(profile) for name, profile in profiles.items()},
        "findings": [
            finding_as_dict(finding) for profile in profiles.values() for finding in diagnostics(profile)
        ],
        "not_finite": list(not_finite(profiles)),
        "differences": {
            name: [attrs.asdict(difference) for difference in found] for name, found in differences.items()
        },
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mace-scf profile",
        description="Measure data files: labels, elements, cells, weights, damage.",
        epilog="Exit status: 0 the files were measured, whatever they hold (NaN and differences are told, and "
        "only a config says whether they matter); 1 one is damaged so that training would suffer; 2 usage, "
        "or a file that cannot be read.",
    )
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        metavar="FILE",
        help="extended XYZ (also .gz, .bz2, .xz), a pattern, a folder, a card, or - for a pipe",
    )
    add(
        "-o",
        "--output",
        metavar="CARD",
        help="write a card that `validate --dataset-card` takes for the data",
    )
    add("--format", choices=("text", "json"), default="text")
    add("--values", action="store_true", help="parse every number of the atom lines too")
    add(
        "--compare", action="store_true", help="what the other files have otherwise than the first, and share"
    )
    add("--verify", action="store_true", help="believe a kept profile of a large file only after hashing it")
    add("--no-cache", action="store_true", help="read every file again")
    return parser
