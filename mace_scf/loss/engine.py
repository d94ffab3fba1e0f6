"""The loss of one stage: terms compiled into one plan, evaluated into a breakdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import torch
from torch import Tensor

from .breakdown import Breakdown
from .build import checked_terms
from .columns import table_dtype
from .counting import label_counts
from .dropin import LossFunction
from .evaluation import Evaluation, attached_zero, evaluate, join, nothing
from .frames import heads_of
from .inputs import InputReader
from .keeping import Kept
from .prepared import Batch, Prepared
from .problems import LossInputError
from .reduce import PendingCounts, Reduction, StepCounts, check_constants, reduction_of, start_counts
from .settings import StageTerms, TermSetting, settings_of
from .term import Term


class LossEngine:
    """Weighted sum of loss terms over a batch, with its parts.

    Made by :meth:`from_stage` or :meth:`from_config`. Device and dtype follow the inputs; an engine
    holds nothing but settings.

    Args:
        settings: term, weight and options, in the order of the config.
        compat: ``"upstream"`` for upstream's numbers where labels are missing, too.
        reduction: ``batch``, ``labelled`` or ``fixed(counts)``.
        recorded: keep the loss differentiable twice, at the price of speed.
        compiled: use compiled kernels for batches on a CPU, where numba is installed.
        heads: where ASE frames hold their labels.
        config_type_weights: factor of the weight of ASE frames by their ``config_type``.
        whole_interaction: the model's ``interaction_energy`` is all of its energy but the sum of
            isolated-atom energies, so that it is compared where ``energy_baseline`` is given.

    Attributes:
        names: terms in the order of the config.
    """

    names: tuple[str, ...]

    def __init__(
        self,
        settings: Sequence[TermSetting],
        *,
        compat: str | None = None,
        reduction: str | Reduction = "batch",
        recorded: bool = False,
        compiled: bool = True,
        heads: Mapping[str, Any] | None = None,
        config_type_weights: Mapping[str, float] | None = None,
        whole_interaction: bool = False,
    ) -> None:
        self.compat = _known(compat)
        self.reduction = reduction_of(reduction)
        self.recorded = recorded
        self.compiled = compiled
        self.whole_interaction = whole_interaction
        self._settings = tuple(settings)
        self._heads = None if heads is None else heads_of(heads)
        self._type_weights = dict(config_type_weights or {})
        self._plan()

    @classmethod
    def from_stage(
        cls,
        stage: StageTerms,
        *,
        compat: str | None = None,
        reduction: str | Reduction = "batch",
        whole_interaction: bool = False,
    ) -> LossEngine:
        """Engine of a stage that was validated: no second check. Arguments as of the class."""
        return cls(
            settings_of(stage.terms, compat),
            compat=compat,
            reduction=reduction,
            heads=getattr(stage, "heads", None),
            config_type_weights=_type_weights(stage),
            whole_interaction=whole_interaction,
        )

    @classmethod
    def from_config(
        cls,
        loss: Mapping[str, object],
        compat: str | None = None,
        reduction: str | Reduction = "batch",
        *,
        heads: Mapping[str, Any] | None = None,
        config_type_weights: Mapping[str, float] | None = None,
        whole_interaction: bool = False,
    ) -> LossEngine:
        """Engine of the ``loss`` block of a stage.

        Args:
            loss: term name to weight, or to a mapping with ``weight`` and options.
            compat: check and compute as upstream does.
            reduction: see the class.
            heads: where ASE frames hold their labels, as in the config (``info_keys``, ``arrays_keys``).
            config_type_weights: see the class.
            whole_interaction: see the class.

        Raises:
            LossConfigError: carries the diagnostics.
        """
        settings = settings_of(checked_terms(loss, _known(compat)), compat)
        return cls(
            settings,
            compat=compat,
            reduction=reduction,
            heads=heads,
            config_type_weights=config_type_weights,
            whole_interaction=whole_interaction,
        )

    def evolve(
        self,
        *,
        reduction: str | Reduction | None = None,
        recorded: bool | None = None,
        compiled: bool | None = None,
    ) -> LossEngine:
        """The same terms, reduced differently, differentiable twice, or without compiled kernels."""
        return LossEngine(
            self._settings,
            compat=self.compat,
            reduction=self.reduction if reduction is None else reduction,
            recorded=self.recorded if recorded is None else recorded,
            compiled=self.compiled if compiled is None else compiled,
            heads=self._heads,
            config_type_weights=self._type_weights,
            whole_interaction=self.whole_interaction,
        )

    @property
    def active_names(self) -> tuple[str, ...]:
        """Terms whose weight is not 0: the columns of counts."""
        return tuple(setting.term.name for setting in self._active)

    @property
    def settings(self) -> tuple[TermSetting, ...]:
        """Terms with weights and options."""
        return self._settings

    @property
    def weights(self) -> dict[str, float]:
        """Stage weight of each term."""
        return {setting.term.name: setting.weight for setting in self._settings}

    @property
    def terms(self) -> tuple[Term, ...]:
        """The arithmetic of each term."""
        return tuple(setting.term for setting in self._settings)

    def set_weights(self, weights: Mapping[str, float]) -> None:
        """Change stage weights, for schedules; compiled graphs stay valid unless a weight becomes 0.

        Raises:
            LossInputError: no such term, or a weight that is no finite number of 0 or more.
        """
        for name, weight in weights.items():
            if name not in self.names:
                raise LossInputError(
                    name, "weight", expected=f"of {', '.join(self.names)}", found="no such term"
                )
            if not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
                expected = "a finite number, 0 or more"
                raise LossInputError(name, "weight", expected=expected, found=repr(weight))
        self._settings = tuple(
            attrs.evolve(setting, weight=float(weights.get(setting.term.name, setting.weight)))
            for setting in self._settings
        )
        self._plan()

    def read(self, reference: object, prediction: object) -> Batch:
        """A checked batch; raises like a call."""
        return self._reader.read(reference, prediction)

    def prepare(self, reference: object, device: torch.device | str | None = None) -> Prepared:
        """References read for this engine; call it in the loader's collate function.

        What depends on labels alone (masks, weights, molecules, lever arms) leaves the step. On the
        host it also sees whether every label is there, and then drops the masks.

        Args:
            reference: as in a call.
            device: where the loss will be computed, if elsewhere: ``prepare(batch, "cuda")`` in the
                loader, ``.to("cuda", non_blocking=True)`` in the loop. Loaders with ``pin_memory`` pin it.
        """
        return self._reader.prepare(reference, device)

    def __call__(
        self, reference: object, prediction: object, *, counts: StepCounts | PendingCounts | None = None
    ) -> Breakdown:
        """Loss of a batch and its parts.

        Args:
            reference: :class:`References`, :class:`Prepared`, a mapping, a collated batch or ASE frames.
            prediction: :class:`Predictions`, a mapping or an object with attributes.
            counts: divisors over all ranks and micro-batches of the step.

        Raises:
            LossInputError: a prediction or label is missing or of the wrong shape, dtype or device.
        """
        batch = self._reader.read(reference, prediction)
        return self._breakdown(batch, counts.ready() if isinstance(counts, PendingCounts) else counts)

    def total(self, reference: object, prediction: object) -> Tensor:
        """The scalar alone; ``torch.compile`` takes it as one graph."""
        batch = self._reader.read(reference, prediction)
        # A tensor made beforehand: numbers would become constants of a compiled graph.
        weights = self._weights.to(device=batch.device, dtype=table_dtype(batch.device), non_blocking=True)
        evaluation = evaluate(self._active, batch, self.reduction, None, weights)
        return evaluation.total if evaluation.total is not None else (evaluation.raw * weights).sum()

    def counts(self, reference: object, *, widths: Mapping[str, int] | None = None) -> Tensor:
        """What each frame adds to the divisor of each term, (T, G), from labels alone.

        Args:
            reference: as in a call.
            widths: components of predictions that no label tells.
        """
        columns = self._reader.columns_of(reference)
        return label_counts(
            self._active,
            columns,
            kind=self.reduction.kind,
            masked=self.compat is None,
            widths=widths,
        )

    def start_counts(
        self, reference: object, group: Any = None, *, widths: Mapping[str, int] | None = None
    ) -> PendingCounts:
        """Start adding the counts of all ranks: one asynchronous collective, before the model runs."""
        return start_counts(self.counts(reference, widths=widths).sum(dim=1), group)

    def as_loss_fn(self, *, recorder: Callable[[Breakdown], object] | None = None) -> LossFunction:
        """A drop-in for loops that call ``loss_fn(pred=output, ref=batch)`` and expect the scalar.

        Args:
            recorder: called with every breakdown.
        """
        return LossFunction(self, recorder)

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}_weight={weight:g}" for name, weight in self.weights.items())
        return f"LossEngine({parts})"

    def _plan(self) -> None:
        """Terms with weight 0 are reported and kept out of the total, as if they were not there."""
        self.names = tuple(setting.term.name for setting in self._settings)
        self._host_weights = tuple(setting.weight for setting in self._settings)
        self._active = tuple(setting for setting in self._settings if setting.weight != 0)
        self._silent = tuple(setting for setting in self._settings if setting.weight == 0)
        check_constants(self.reduction, self.active_names)
        self._reader = InputReader(
            self._settings,
            masked=self.compat is None,
            recorded=self.recorded,
            compiled=self.compiled,
            heads=self._heads,
            config_type_weights=self._type_weights,
            whole_interaction=self.whole_interaction,
        )
        self._weights = torch.tensor(
            [setting.weight for setting in self._active], dtype=torch.float64, device="cpu"
        )
        self._kept = Kept()

    def _weights_on(self, device: torch.device) -> Tensor:
        weights = [setting.weight for setting in self._active]
        return self._kept.column("active", weights, device, table_dtype(device))

    def _breakdown(self, batch: Batch, given: StepCounts | None) -> Breakdown:
        weights = self._weights_on(batch.device)
        active = (
            evaluate(self._active, batch, self.reduction, given, weights) if self._active else nothing(batch)
        )
        weighted = active.raw * weights if active.weighted is None else active.weighted
        total = active.total
        if total is None:
            total = weighted.sum() if self._active else attached_zero(batch)
        evaluation = active
        if self._silent:
            evaluation = self._with_silent(batch, active)
            weights = self._kept.column("all", self._host_weights, batch.device, table_dtype(batch.device))
            weighted = torch.where(weights == 0, 0.0, evaluation.raw * weights)
        return Breakdown(self.names, total, self._host_weights, weights, weighted, evaluation)

    def _with_silent(self, batch: Batch, active: Evaluation) -> Evaluation:
        with torch.no_grad():
            unpacked = attrs.evolve(batch, packed=None)
            weights = batch.columns.sizes.new_zeros(len(self._silent))
            silent = evaluate(self._silent, unpacked, self.reduction, None, weights)
        places = [place for place, each in enumerate(self._settings) if each.weight != 0]
        others = [place for place, each in enumerate(self._settings) if each.weight == 0]
        return join(active, silent, places, others, kept=batch.kept, device=batch.device)


def _known(compat: str | None) -> str | None:
    """Whose numbers are wanted.

    Raises:
        LossInputError: nobody's that are known.
    """
    if compat not in (None, "upstream"):
        raise LossInputError("(all)", "compat", expected="None or 'upstream'", found=repr(compat))
    return compat


def _type_weights(stage: StageTerms) -> Mapping[str, float] | None:
    """``config_type_weights`` of the run that a stage belongs to, where that is known."""
    option = getattr(stage, "option", None)
    found = None if option is None else option("config_type_weights", None)
    return found if isinstance(found, Mapping) else None
