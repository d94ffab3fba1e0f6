"""What each term contributed to a loss, kept on the device until somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs
import torch
from torch import Tensor

from .evaluation import Evaluation

if TYPE_CHECKING:
    from mace_scf.render.breakdown import BreakdownView, TermLine

_SMALLEST = 1e-37


@attrs.frozen(eq=False, repr=False)
class TermBreakdown:
    """One term of a :class:`Breakdown`; every value is a scalar on the device.

    Attributes:
        name: of the term.
        weight: stage weight.
        raw: mean before the stage weight.
        weighted: raw times weight.
        share: part of the total, between 0 and 1.
        count: labelled elements.
        gradient_norm: Euclidean norm of d(weighted)/d(predictions).
        worst_frame: frame with the largest contribution, -1 where nothing is labelled.
    """

    name: str
    _owner: Breakdown
    _place: int

    @property
    def weight(self) -> float:
        """Stage weight."""
        return self._owner.host_weights[self._place]

    @property
    def raw(self) -> Tensor:
        """Mean before the stage weight."""
        return self._owner.scalars("raw")[self._place]

    @property
    def weighted(self) -> Tensor:
        """Raw times weight."""
        return self._owner.scalars("weighted")[self._place]

    @property
    def share(self) -> Tensor:
        """Part of the total."""
        return self._owner.scalars("share")[self._place]

    @property
    def count(self) -> Tensor:
        """Labelled elements."""
        return self._owner.scalars("count")[self._place]

    @property
    def gradient_norm(self) -> Tensor:
        """Norm of the gradient of the weighted term with respect to the predictions."""
        return self._owner.scalars("gradient_norm")[self._place]

    @property
    def worst_frame(self) -> Tensor:
        """Frame that contributes most."""
        return self._owner.scalars("worst_frame")[self._place]

    def __repr__(self) -> str:
        return f"TermBreakdown({self.name!r}, weight={self.weight:g})"


@attrs.define(eq=False, repr=False)
class Breakdown:
    """A loss and its parts; T terms in the order of the config, G frames.

    Nothing here waits for the device, but for :meth:`lines` and the tables made of them. What costs anything
    is computed when first looked at.

    Attributes:
        names: of the terms.
        total: the scalar to differentiate; the sum of ``weighted``.
        host_weights: stage weights as numbers.
        weights: stage weights, (T,).
        differentiable: weighted values that carry gradients, (T,).
        evaluation: where the rest comes from.
    """

    names: tuple[str, ...]
    total: Tensor
    host_weights: tuple[float, ...]
    weights: Tensor
    differentiable: Tensor
    evaluation: Evaluation
    _found: dict[str, Tensor] = attrs.Factory(dict)
    _scalars: dict[str, tuple[Tensor, ...]] = attrs.Factory(dict)

    @property
    def raw(self) -> Tensor:
        """Mean of each term before its stage weight, (T,)."""
        return self._once("raw", self.evaluation.raw.detach)

    @property
    def weighted(self) -> Tensor:
        """Raw times stage weight, (T,)."""
        return self._once("weighted", self.differentiable.detach)

    @property
    def table(self) -> Tensor:
        """Weighted error sums of each term and frame, before reduction and stage weight, (T, G)."""
        return self._once("table", lambda: self.evaluation.table().detach())

    @property
    def counts(self) -> Tensor:
        """Labelled elements of each term and frame, (T, G)."""
        return self._once("counts", self.evaluation.counts)

    @property
    def share(self) -> Tensor:
        """Part of the total, (T,); 0 where the total is 0."""
        given = self.evaluation.share
        return self._once("share", given or (lambda: shares(self.weighted, self.total.detach())))

    @property
    def count(self) -> Tensor:
        """Labelled elements of each term, (T,)."""
        return self._once("count", self.evaluation.count)

    @property
    def gradient_norm(self) -> Tensor:
        """Norm of the gradient of each weighted term with respect to the predictions, (T,)."""
        return self._once("gradient_norm", lambda: self.evaluation.norms(self.weights))

    @property
    def worst_frame(self) -> Tensor:
        """Frame that contributes most to each term, (T,); -1 where nothing is labelled."""
        return self._once("worst_frame", self.evaluation.worst)

    @property
    def terms(self) -> Mapping[str, TermBreakdown]:
        """The parts by name."""
        return {name: TermBreakdown(name, self, place) for place, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> TermBreakdown:
        """The part of one term.

        Raises:
            KeyError: there is no such term; the message names those there are.
        """
        if name not in self.names:
            raise KeyError(f"no term `{name}` in this breakdown: {', '.join(self.names)}")
        return TermBreakdown(name, self, self.names.index(name))

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[TermBreakdown]:
        return iter(self.terms.values())

    def __repr__(self) -> str:
        return f"Breakdown({', '.join(self.names)}; on {self.total.device})"

    def lines(self) -> tuple[TermLine, ...]:
        """The numbers as plain ones, for people; one transfer, which waits for the device."""
        from mace_scf.render.breakdown import TermLine

        columns = torch.stack([self.weighted, self.raw, self.share, self.gradient_norm, self.count.double()])
        return tuple(
            TermLine(name, weighted, raw, weight, share, int(count), norm)
            for name, weight, (weighted, raw, share, norm, count) in zip(
                self.names, self.host_weights, columns.double().T.tolist(), strict=True
            )
        )

    def view(self, title: str = "") -> BreakdownView:
        """A table for ``rich``: values, shares with bars, units, and what is odd about a term."""
        from mace_scf.render.breakdown import BreakdownView

        return BreakdownView(self.lines(), title)

    def __rich__(self) -> BreakdownView:
        return self.view()

    def scalars(self, field: str) -> tuple[Tensor, ...]:
        """One of the columns above term by term, taken apart once."""
        if field not in self._scalars:
            self._scalars[field] = getattr(self, field).unbind()
        return self._scalars[field]

    def _once(self, name: str, make: Callable[[], Tensor]) -> Tensor:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = make()
        return found


def shares(weighted: Tensor, total: Tensor) -> Tensor:
    """Parts of the total; 0 where the total is 0."""
    # NaN passes through clamp; 0 over the smallest number is the wanted 0.
    return weighted / total.clamp(min=_SMALLEST)
