"""Imported before anything else of the room: says what to install where torch or numpy is not."""

from __future__ import annotations

from importlib.util import find_spec

from mace_scf.errors import MaceScfError


class LossUnavailableError(MaceScfError, ImportError):
    """The library that computes is not installed."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"mace_scf.loss needs {missing}, the extra `loss`: from a checkout of mace-scf, "
            "pip install -c constraints.txt '.[loss]'"
        )


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # switched off by `None` in `sys.modules`
        return False


for _name in ("torch", "numpy"):  # torch alone goes without numpy
    if not _is_there(_name):
        raise LossUnavailableError(_name)
