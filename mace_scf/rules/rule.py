"""What a rule is, what it may look at, and how it speaks."""

from __future__ import annotations

import abc
import inspect
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs

from ..catalog.trainer import Trainer
from ..config import Effective, RunConfig
from ..diagnostics import Diagnostic, Severity
from ..resolve import StageResolution
from ..source import Document
from ..source.words import ScriptText
from .data_facts import DataFacts


@attrs.frozen(eq=False, repr=False)
class Context:
    """Everything that was seen of one run.

    Attributes:
        run: typed options, heads and stages.
        stages: the same stages with every requirement answered.
        trainer: the trainer version asked for.
        document: the config as text with places.
        effective: file and command line laid over each other.
        data: what data files and cards hold, measured when first asked; no splits with ``--no-data``.
        structural: findings of the schema and of the strict conversions.
        require_data: a label file that is not there is an error.
        scripts: characters of the launcher that was read, by file name.
    """

    run: RunConfig
    stages: tuple[StageResolution, ...]
    trainer: Trainer
    document: Document
    effective: Effective
    data: DataFacts
    structural: tuple[Diagnostic, ...] = ()
    require_data: bool = False
    scripts: Mapping[str, ScriptText] = attrs.field(factory=dict)


class Rule(abc.ABC):
    """One thing that goes wrong, found before a run.

    A subclass's docstring is its page: first line the title, then *What it checks*, *Why it matters*
    (with what the trainer does today, and when) and *How to fix*.

    Attributes:
        code: family letter and three digits, never reused.
        slug: reads well after "allow".
        severity: of its findings, unless one says otherwise.
        after: codes that explain the same place better; where one of them was found, this one is silent.
    """

    code: ClassVar[str]
    slug: ClassVar[str]
    severity: ClassVar[Severity]
    after: ClassVar[tuple[str, ...]] = ()

    @property
    def title(self) -> str:
        """The first line of the page."""
        return inspect.cleandoc(type(self).__doc__ or "").partition("\n")[0]

    @abc.abstractmethod
    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Yield every finding; never raise on a user's input."""

    def finding(self, message: str, **fields: Any) -> Diagnostic:
        """A diagnostic with this rule's code, slug and severity."""
        fields.setdefault("severity", self.severity)
        return Diagnostic(code=self.code, slug=self.slug, message=message, **fields)


class StructuralRule(Rule):
    """A rule that the schema or the strict conversions enforce; it only hands their findings on."""

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """Findings of the schema and the conversions with this rule's code."""
        return (finding for finding in context.structural if finding.code == self.code)
