"""Declare, check and compute the losses of charge-aware machine-learned interatomic potentials.

>>> import mace_scf
>>> report = mace_scf.validate({"train_schedule": {0: {"name": "a", "loss": {"forcess": 1.0}}}})
>>> [finding.suggestions for finding in report.findings]
[('forces',)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import __version__

_HOMES = {
    "Diagnostic": "diagnostics",
    "MaceScfError": "errors",
    "Report": "diagnostics",
    "Severity": "diagnostics",
    "Span": "diagnostics",
    "ValidatedStage": "resolve",
    "report_text": "render.text",
    "validate": "checker",
}

__all__ = [
    "Diagnostic",
    "MaceScfError",
    "Report",
    "Severity",
    "Span",
    "ValidatedStage",
    "__version__",
    "report_text",
    "validate",
]

if TYPE_CHECKING:
    from .checker import validate
    from .diagnostics import Diagnostic, Report, Severity, Span
    from .errors import MaceScfError
    from .render.text import report_text
    from .resolve import ValidatedStage


def __getattr__(name: str) -> Any:
    """Public names are imported when first used, so that `import mace_scf` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
