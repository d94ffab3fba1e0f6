"""The grammar of single log lines: breakdowns, epochs, stages, prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

MARKER = "loss breakdown:"

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf(?:inity)?|nan)"
_NAME = r"([^\s:,]+)"
_TENSOR = rf"tensor\(\s*(?:({_NUMBER})|\[\s*({_NUMBER})\s*\])\s*(?:,[^()\[\]]*)?\)"
# the writer ends every item with a comma: a number without one may have lost its last digits
_ITEM = re.compile(rf"\s*{_NAME}:\s*(?:({_NUMBER})|{_TENSOR})\s*,(?=\s|$)", re.IGNORECASE)
_EPOCH = re.compile(rf"\bEpoch\s+(\d+):\s+(?:head:[^,]*,\s*)?loss=\s*({_NUMBER})?", re.IGNORECASE)
_LOSS = re.compile(r"\b(?:WeightedLoss|LossEngine)\((.*)\)")
_LOSS_BEGUN = re.compile(r"\b(?:WeightedLoss|LossEngine)\(\w+_weight=")
_WEIGHT = re.compile(rf"(\w+)_weight=({_NUMBER})(?=\s*[,)]|\s*$)", re.IGNORECASE)
_PREFIX = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3} [A-Z]+: ")
_LEVEL = re.compile(r" [A-Z]+: ")
# written once a run, when it starts and while its data are read
_HEADERS = ("VERIFYING SETTINGS", "AtomicNumberTable:", "Total number of configurations:")


def breakdown_items(text: str) -> tuple[dict[str, float], str]:
    """Terms after the marker, and what is left that is no whole item.

    A value that is not followed by its comma is left over. So is everything from a name on that stands
    there twice, because two lines then lie in one.

    >>> breakdown_items(" forces: 1e-05, esps: nan, energy_per_atom: 0.0")
    ({'forces': 1e-05, 'esps': nan}, 'energy_per_atom: 0.0')
    """
    found: dict[str, float] = {}
    at = 0
    while match := _ITEM.match(text, at):
        name, plain, in_tensor, in_list = match.groups()
        if name in found:
            break
        found[name] = float(plain or in_tensor or in_list)
        at = match.end()
    return found, text[at:].strip()


def epoch_and_loss(text: str) -> tuple[int, float | None] | None:
    """Number and validation loss of an `Epoch n: loss=…` line, else ``None``."""
    match = _EPOCH.search(text)
    if match is None or len(match[1]) > 9:
        return None
    return int(match[1]), None if match[2] is None else float(match[2])


def stage_weights(text: str) -> dict[str, float] | None:
    """Weights by term of a loss announced at a stage's start, else ``None``.

    >>> stage_weights("INFO: WeightedLoss(forces_weight=100.0, esps_weight=1e-3)")
    {'forces': 100.0, 'esps': 0.001}
    """
    match = _LOSS.search(text)
    found = {name: float(value) for name, value in _WEIGHT.findall(match[1])} if match else {}
    return found or None


def is_cut_stage(text: str) -> bool:
    """Whether a loss is announced whose closing parenthesis is lacking."""
    return _LOSS_BEGUN.search(text) is not None and _LOSS.search(text) is None


def is_header(text: str) -> bool:
    """Whether the line is one that a run writes once, before it trains."""
    return any(word in text for word in _HEADERS)


def is_cut_marker(text: str) -> bool:
    """Whether an unfinished line stops inside the words that begin a breakdown."""
    message = text.rpartition("DEBUG: ")[2].lstrip() if "DEBUG: " in text else ""
    return bool(message) and MARKER.startswith(message) and message != MARKER


def glued(text: str) -> Iterator[tuple[str, bool]]:
    """Log lines that share one line of the file, each with whether another one cut it off.

    A killed process leaves its last line without an end, and the next run goes on right there.
    """
    # looking for times among the digits of a breakdown is dear, for level words it is not
    if len(_LEVEL.findall(text)) < 2:
        yield from _by_marker(text, cut=False)
        return
    begins = [0, *(match.start() for match in _PREFIX.finditer(text) if match.start())]
    for first, last in zip(begins, [*begins[1:], len(text)], strict=True):
        yield from _by_marker(text[first:last], cut=last < len(text))


def _by_marker(text: str, *, cut: bool) -> Iterator[tuple[str, bool]]:
    """The same for logs whose lines have no time in front."""
    if text.count(MARKER) < 2:
        yield text, cut
        return
    begins = [match.start() for match in re.finditer(MARKER, text)]
    edges = [0, *begins[1:], len(text)]
    for first, last in pairwise(edges):
        yield text[first:last], cut or last < len(text)
