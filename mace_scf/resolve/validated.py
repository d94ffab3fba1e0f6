"""What a stage without an error hands on: to the loss engine, and to the loop around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ..diagnostics import Diagnostic

_NOT_GIVEN = object()


@attrs.frozen
class TermSpec:
    """A term that a stage dispatches to: name, weight, options with their defaults filled in."""

    name: str
    weight: float
    options: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class Schedule:
    """When a stage trains, and how fast; what was not seen is ``None``.

    Attributes:
        start: first epoch.
        end: last epoch.
        lr: learning rate of every parameter group but those of ``group_lrs``.
        group_lrs: learning rate by group, from ``<group>_lr``.
    """

    start: int | None = None
    end: int | None = None
    lr: float | None = None
    group_lrs: Mapping[str, float] = attrs.field(factory=dict)

    @property
    def epochs(self) -> range:
        """The epochs, both ends included; none where the ends were not seen."""
        return range(0) if self.start is None or self.end is None else range(self.start, self.end + 1)


@attrs.frozen
class OptionValue:
    """One option of the run.

    Attributes:
        value: as the trainer uses it: texts that stand for lists or mappings are read.
        source: ``command line``, ``file``, ``default`` or ``not seen``.
        place: ``file:line:column`` where it was written, else "".
        known: the value is certain.
    """

    value: Any
    source: str
    place: str
    known: bool


@attrs.frozen
class ValidatedStage:
    """A stage without an error: the one door into the loss engine that needs no second check.

    Attributes:
        name: of the stage.
        trainer: name of the trainer version it was checked against.
        model: name of the model, or ``None`` where it was not seen.
        mode: training mode, or ``None`` where there is none or it was not seen.
        terms: what the loss is made of.
        heads: property to (map, file key) of the run's head.
        findings: warnings and infos about this stage.
        schedule: epochs and learning rates.
        fixed_point: options of the self-consistency that the stage gives, by name.
        settings: every option of the run with its value and source, by name.
    """

    name: str
    trainer: str
    model: str | None
    mode: str | None
    terms: tuple[TermSpec, ...]
    heads: Mapping[str, tuple[str, str]] = attrs.field(factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    schedule: Schedule = Schedule()
    fixed_point: Mapping[str, Any] = attrs.field(factory=dict)
    settings: Mapping[str, OptionValue] = attrs.field(factory=dict, repr=False)

    def option(self, name: str, otherwise: Any = _NOT_GIVEN) -> Any:
        """Value of an option of the run.

        Args:
            name: of the option.
            otherwise: what to return where its value is not known.

        Raises:
            KeyError: the trainer has no such option, or its value is not known and nothing else was given.
        """
        setting = self.settings[name]
        if setting.known:
            return setting.value
        if otherwise is _NOT_GIVEN:
            raise KeyError(f"`{name}` was not seen")
        return otherwise

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form, without the findings: those are the report's."""
        return {
            "name": self.name,
            "trainer": self.trainer,
            "model": self.model,
            "mode": self.mode,
            "terms": [_plain(attrs.asdict(term)) for term in self.terms],
            "heads": _plain(self.heads),
            "schedule": _plain(attrs.asdict(self.schedule)),
            "fixed_point": _plain(self.fixed_point),
            "settings": {name: _plain(attrs.asdict(each)) for name, each in self.settings.items()},
        }


def _plain(value: Any) -> Any:
    """Values that JSON has: names for keys, lists for tuples, text for what is neither."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
