"""What every loss term must survive, as one call on a batch of your own: for the tests of a registered term.

    from mace_scf.loss.testing import check_term
    check_term("oxidation", reference, prediction)

The value itself has no second opinion here: hold that against a formula of your own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import torch
from torch import Tensor

from .batch import BATCH_NAMES
from .engine import LossEngine
from .problems import TermRegistrationError
from .term import Term, registered_terms

Tensors = dict[str, Tensor]
_GARBAGE = (1e200, torch.nan)


@attrs.frozen(eq=False)
class _Case:
    term: Term
    engine: LossEngine
    reference: Tensors
    prediction: Tensors

    @property
    def counts(self) -> tuple[int, int]:
        """Frames and atoms."""
        return len(self.reference["ptr"]) - 1, int(self.reference["ptr"][-1])

    @property
    def learnt(self) -> list[str]:
        """Predictions that a model learns through."""
        keys = (key for key in self.term.predictions if key not in self.term.targets)
        return [key for key in keys if self.prediction[key].is_floating_point()]


def check_term(
    name: str, reference: Mapping[str, Any], prediction: Mapping[str, Any], **options: Any
) -> tuple[str, ...]:
    """Hold a registered term against the laws of all terms, in float64.

    Args:
        name: of the term.
        reference: a collated batch: `ptr`, labels and weights, at least three frames of two sizes or more, every label
            present, as many atoms as frames never.
        prediction: what the model says, by key.
        options: of the term.

    Returns:
        The laws that were tried.

    Raises:
        AssertionError: the first law that is broken, by its name.
        TermRegistrationError: there is no such term, or the batch cannot show anything.
    """
    if name not in registered_terms():
        raise TermRegistrationError(f"no loss term `{name}` is registered")
    engine = LossEngine.from_config({name: {"weight": 1.0, **options} if options else 1.0})
    case = _Case(engine.terms[0], engine, _doubles(reference), _doubles(prediction))
    frames, atoms = case.counts
    if frames < 3 or atoms == frames:
        raise TermRegistrationError(
            "a batch of three frames or more, with more atoms than frames, tells more"
        )
    for law, holds in _LAWS.items():
        try:
            holds(case)
        except AssertionError as broken:
            raise AssertionError(f"`{name}` breaks a law: {law}: {broken}") from broken
    return tuple(_LAWS)


def _gradient(case: _Case) -> None:
    leaves = [case.prediction[key].clone().requires_grad_() for key in case.learnt]

    def total(*values: Tensor) -> Tensor:
        given = {**case.prediction, **dict(zip(case.learnt, values, strict=True))}
        return case.engine(case.reference, given).total

    if leaves:
        _says(
            "differs from finite differences", torch.autograd.gradcheck(total, leaves, raise_exception=False)
        )


def _order(case: _Case) -> None:
    order = list(reversed(range(case.counts[0])))
    _close(_raw(_frames(case, order)), _raw(case))


def _twice(case: _Case) -> None:
    frames = list(range(case.counts[0]))
    _close(_raw(_frames(case, [*frames, *frames])), _raw(case))


def _parts(case: _Case) -> None:
    frames = list(range(case.counts[0]))
    tables = [_call(_frames(case, part)).table for part in (frames[1:], frames[:1])]
    _close(torch.cat(tables, dim=1), _call(case).table[:, [*frames[1:], 0]])


def _absent(case: _Case) -> None:
    for quantity, label, weight in _labels(case):
        found = []
        for garbage in _GARBAGE:
            reference = dict(case.reference)
            reference[weight] = reference[weight].clone()
            reference[weight][0] = 0.0
            rows = (
                slice(*(reference["ptr"][:2].tolist())) if _per_atom(case, reference[label]) else slice(0, 1)
            )
            reference[label] = reference[label].clone()
            reference[label][rows] = garbage
            found.append(_with_gradients(attrs.evolve(case, reference=reference)))
        same = all(torch.equal(one, other) for one, other in zip(*found, strict=True))
        _says(f"what stands in an absent `{quantity}` reaches the loss or its gradient", same)


def _unlabelled(case: _Case) -> None:
    if not case.term.honoured.config:
        return
    nothing = torch.zeros(case.counts[0], dtype=torch.float64)
    total, *gradients = _with_gradients(attrs.evolve(case, reference={**case.reference, "weight": nothing}))
    _says(f"the loss is {total.item()} where nothing is labelled", total.item() == 0.0)
    _says("a gradient is not zero where nothing is labelled", all(not each.any() for each in gradients))


def _empty(case: _Case) -> None:
    total, *_ = _with_gradients(_frames(case, []))
    _says(f"the loss of no frames is {total.item()}", total.item() == 0.0)


def _single(case: _Case) -> None:
    narrow = attrs.evolve(
        case, reference=_as(case.reference, torch.float32), prediction=_as(case.prediction, torch.float32)
    )
    _close(_raw(narrow).double(), _raw(case).double(), 1e-5)


def _bits(case: _Case) -> None:
    pairs = zip(_with_gradients(case), _with_gradients(case), strict=True)
    _says("two runs differ", all(torch.equal(one, other) for one, other in pairs))


def _ways(case: _Case) -> None:
    wanted = _with_gradients(case)
    for other in (case.engine.evolve(compiled=False), case.engine.evolve(recorded=True)):
        found = _with_gradients(attrs.evolve(case, engine=other))
        for one, another in zip(found, wanted, strict=True):
            _close(one, another, 1e-12)


_LAWS: dict[str, Callable[[_Case], None]] = {
    "the gradient is that of finite differences": _gradient,
    "the order of frames does not matter": _order,
    "a batch said twice has the same mean": _twice,
    "sums of parts are those of the whole": _parts,
    "weight 0 equals absent to the bit": _absent,
    "a batch without labels gives an attached zero": _unlabelled,
    "an empty batch gives an attached zero": _empty,
    "single precision stays close": _single,
    "the same inputs give the same bits": _bits,
    "every way through the engine gives the same numbers": _ways,
}


def _call(case: _Case) -> Any:
    return case.engine(case.reference, case.prediction)


def _raw(case: _Case) -> Tensor:
    raw: Tensor = _call(case).raw[0]
    return raw


def _with_gradients(case: _Case) -> tuple[Tensor, ...]:
    """Total and its gradient by each prediction that is learnt."""
    leaves = {key: case.prediction[key].clone().requires_grad_() for key in case.learnt}
    total = case.engine(case.reference, {**case.prediction, **leaves}).total
    if not leaves:
        return (total.detach(),)
    _says("the loss is not attached to the graph", total.requires_grad)
    found = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
    zeros = (torch.zeros_like(leaf) for leaf in leaves.values())
    return total.detach(), *(zero if each is None else each for zero, each in zip(zeros, found, strict=True))


def _labels(case: _Case) -> Iterator[tuple[str, str, str]]:
    """Quantities with a weight in this batch, as label and weight are called there."""
    for quantity in case.term.honoured.properties:
        names = [(quantity, f"{quantity}_weight")]
        names += [BATCH_NAMES[quantity]] if quantity in BATCH_NAMES else []
        for label, weight in names:
            if label in case.reference and weight in case.reference and label != "cluster_batch":
                yield quantity, label, weight


def _frames(case: _Case, frames: Sequence[int]) -> _Case:
    """The batch of some frames."""
    ptr = case.reference["ptr"]
    atoms = [atom for frame in frames for atom in range(int(ptr[frame]), int(ptr[frame + 1]))]
    sizes = [int(ptr[frame + 1] - ptr[frame]) for frame in frames]

    def chosen(values: Tensors) -> Tensors:
        rows = {key: atoms if _per_atom(case, value) else list(frames) for key, value in values.items()}
        return {key: values[key][torch.tensor(rows[key], dtype=torch.int64)] for key in rows}

    references = chosen({key: value for key, value in case.reference.items() if key not in ("ptr", "batch")})
    references["ptr"] = torch.tensor([0, *torch.tensor(sizes, dtype=torch.int64).cumsum(0).tolist()])
    return attrs.evolve(case, reference=references, prediction=chosen(case.prediction))


def _per_atom(case: _Case, value: Tensor) -> bool:
    frames, atoms = case.counts
    if value.shape[:1] not in ((frames,), (atoms,)):
        raise TermRegistrationError(
            f"neither {frames} frames nor {atoms} atoms: a tensor {tuple(value.shape)}"
        )
    return value.shape[0] == atoms


def _doubles(values: Mapping[str, Any]) -> Tensors:
    return _as({key: torch.as_tensor(value).detach() for key, value in values.items()}, torch.float64)


def _as(values: Tensors, dtype: torch.dtype) -> Tensors:
    return {key: value.to(dtype) if value.is_floating_point() else value for key, value in values.items()}


def _close(found: Tensor, wanted: Tensor, tolerance: float = 1e-10) -> None:
    torch.testing.assert_close(found, wanted, rtol=tolerance, atol=tolerance)


def _says(what: str, holds: bool) -> None:
    if not holds:
        raise AssertionError(what)
