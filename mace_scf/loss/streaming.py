"""Evaluation in one pass: losses and errors of a whole data set, whatever the batches and ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import torch
from torch import Tensor
from torch import distributed as dist

from .evaluation import plain_inputs
from .items import residual_rows
from .plain import term_sums
from .prepared import Batch
from .settings import TermSetting

if TYPE_CHECKING:
    from .engine import LossEngine

# Rows of the state, one column for each term.
_SUM, _ELEMENTS, _LABELLED, _ABSOLUTE, _SQUARED, _COMPARED = range(6)


@attrs.frozen
class TermErrors:
    """One term over a data set.

    Attributes:
        raw: the term as the engine's reduction defines it, over the whole set at once.
        weighted: times the stage weight.
        count: labelled elements.
        mae: mean absolute residual over labelled elements, in the unit of the residual; no weights. NaN where
            nothing is labelled, or where the term has no residual.
        rmse: root of the mean squared residual, likewise.
    """

    raw: float
    weighted: float
    count: int
    mae: float
    rmse: float


class StreamingEvaluation:
    """Adds up batches; the result does not depend on how frames are spread over batches and ranks.

    Args:
        engine: whose terms are evaluated.
    """

    def __init__(self, engine: LossEngine) -> None:
        self._engine = engine
        self._state: Tensor | None = None

    def update(self, reference: object, prediction: object) -> None:
        """Take in one batch; nothing waits for the device."""
        with torch.no_grad():
            batch = self._engine.read(reference, prediction)
            columns = [_state_of(setting, batch) for setting in self._engine.settings]
            added = torch.stack(columns, dim=1)
            self._state = added if self._state is None else self._state + added

    def merge(self, other: StreamingEvaluation) -> None:
        """Take in what another evaluation has seen."""
        if other._state is not None:
            self._state = other._state if self._state is None else self._state + other._state

    def all_reduce(self, device: torch.device | str = "cpu") -> None:
        """Add the states of all ranks, once, after the last batch; ranks without a batch take part."""
        if not dist.is_available() or not dist.is_initialized():
            return
        if self._state is None:
            self._state = torch.zeros(6, len(self._engine.settings), dtype=torch.float64, device=device)
        dist.all_reduce(self._state)

    def results(self) -> dict[str, TermErrors]:
        """Errors of each term; the one place that waits for the device."""
        names = [setting.term.name for setting in self._engine.settings]
        if self._state is None:
            nothing = TermErrors(0.0, 0.0, 0, float("nan"), float("nan"))
            return dict.fromkeys(names, nothing)
        columns = self._state.t().tolist()
        settings = self._engine.settings
        return {
            name: self._errors(each, column)
            for name, each, column in zip(names, settings, columns, strict=True)
        }

    @property
    def total(self) -> float:
        """The loss over the whole set."""
        return sum(each.weighted for each in self.results().values())

    def _errors(self, setting: TermSetting, column: list[float]) -> TermErrors:
        kind = self._engine.reduction.kind
        divisor = column[_LABELLED] if kind == "labelled" else column[_ELEMENTS]
        raw = column[_SUM] / max(divisor, 1)
        # A mean over nothing is no error of 0: that would hide a label under another name.
        compared = column[_COMPARED] or float("nan")
        return TermErrors(
            raw=raw,
            weighted=raw * setting.weight if setting.weight else 0.0,
            count=int(column[_LABELLED]),
            mae=column[_ABSOLUTE] / compared,
            rmse=float((column[_SQUARED] / compared) ** 0.5),
        )


def _state_of(setting: TermSetting, batch: Batch) -> Tensor:
    sums = term_sums(plain_inputs(setting, batch))
    real = sums.rows.dtype
    elements = torch.as_tensor(sums.elements, dtype=real, device=batch.device)
    absolute, squared, compared = _plain_errors(setting, batch, sums.rows)
    return torch.stack([sums.rows.sum(), elements, sums.counts.sum(), absolute, squared, compared]).to(real)


def _plain_errors(setting: TermSetting, batch: Batch, like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Sums of absolute and squared residuals over labelled elements, without any weight, and their number."""
    difference = setting.term.difference or setting.term.compared
    if difference is None:
        return like.new_zeros(()), like.new_zeros(()), like.new_zeros(())
    residual, present = residual_rows(plain_inputs(setting, batch), difference)
    residual = residual.to(like.dtype)
    present = torch.ones_like(residual, dtype=torch.bool) if present is None else present
    return residual.abs().sum(), residual.square().sum(), present.sum().to(like.dtype)
