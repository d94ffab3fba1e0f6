"""What the loss engine raises: one clear error before any arithmetic, never a KeyError inside a step."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from mace_scf.diagnostics import Diagnostic
from mace_scf.errors import MaceScfError


class LossInputError(MaceScfError, ValueError):
    """A prediction or reference that a term cannot use.

    Attributes:
        term: the loss term that asked.
        key: the prediction or reference it asked for.
        expected: shape, dtype or device that would do.
        found: what was there instead.
    """

    def __init__(self, term: str, key: str, *, expected: str, found: str) -> None:
        super().__init__(f"loss term `{term}`: `{key}` should be {expected}, found {found}")
        self.term = term
        self.key = key
        self.expected = expected
        self.found = found

    def __reduce__(self) -> tuple[object, ...]:
        """Goes between processes: a worker of a loader may be the one that finds it."""
        words = {"expected": self.expected, "found": self.found}
        return partial(LossInputError, self.term, self.key, **words), ()


class LossConfigError(MaceScfError, ValueError):
    """Loss settings that no engine can be built from.

    Attributes:
        diagnostics: every finding, the same values that ``validate`` reports.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(map(_told, self.diagnostics)))

    def __reduce__(self) -> tuple[object, ...]:
        return LossConfigError, (self.diagnostics,)


def _told(finding: Diagnostic) -> str:
    return f"{finding.code} {finding.message}" + (f": {finding.help}" if finding.help else "")


class TermRegistrationError(MaceScfError, ValueError):
    """A loss term that cannot be registered: its name is taken or its declaration is inconsistent."""


class RecordError(MaceScfError, ValueError):
    """A line of a record file that no recorder wrote.

    Attributes:
        path: of the file.
        line: counted from 1.
        reason: one phrase.
    """

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return RecordError, (self.path, self.line, self.reason)
