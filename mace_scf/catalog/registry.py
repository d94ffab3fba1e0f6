"""The trainer versions by name, built when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from ..errors import MaceScfError
from .trainer import Trainer

DEFAULT_TRAINER = "upstream"


class UnknownTrainerError(MaceScfError, LookupError):
    """No trainer version has this name.

    Attributes:
        name: what was asked for.
        known: the names there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no trainer {name!r}; choose {' or '.join(known)}")
        self.name = name
        self.known = known


def trainer(name: str = DEFAULT_TRAINER) -> Trainer:
    """The trainer version of that name.

    Raises:
        UnknownTrainerError: there is none.
    """
    if name not in _BUILDERS:
        raise UnknownTrainerError(name, trainer_names())
    return _BUILDERS[name]()


def trainers() -> tuple[Trainer, ...]:
    """Every trainer version, the default first."""
    return tuple(build() for build in _BUILDERS.values())


def trainer_names() -> tuple[str, ...]:
    """Names of the trainer versions, without building them."""
    return tuple(_BUILDERS)


@cache
def _upstream() -> Trainer:
    from .trainers.upstream import UPSTREAM

    return UPSTREAM


@cache
def _engine() -> Trainer:
    from .trainers.engine import ENGINE

    return ENGINE


@cache
def _upstream_old() -> Trainer:
    from .trainers.upstream_old import UPSTREAM_OLD

    return UPSTREAM_OLD


_BUILDERS: Mapping[str, Callable[[], Trainer]] = {
    "upstream": _upstream,
    "engine": _engine,
    "upstream-old": _upstream_old,
}
