"""Every loss term a second time, in numpy, frame by frame, written from the formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from .batches import Arrays, frame_bounds

Array = npt.NDArray[Any]


@attrs.frozen
class Twin:
    """One term.

    Attributes:
        errors: error values of one frame and which of them have a label.
        weights: names of the weight columns that multiply by default, and upstream.
        needs: weight columns that must be positive by default.
        config: whether the config weight multiplies upstream.
        per_frame: elements a frame adds to the divisor, if not the number of its error values.
        inside: upstream (a fork of it) puts the weights inside.
    """

    errors: Callable[[Frame], tuple[Array, Array]]
    weights: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    needs: tuple[str, ...] = ()
    config: bool = True
    per_frame: int | None = None
    inside: bool = False


@attrs.frozen
class Frame:
    """One frame of a batch, with what the formulas need."""

    ref: Arrays
    pred: Arrays
    index: int
    start: int
    end: int
    options: dict[str, Any]
    upstream: bool
    inner: Any = 1.0

    @property
    def n(self) -> int:
        """Number of atoms, at least 1."""
        return max(self.end - self.start, 1)

    def per_frame(self, label: str, predicted: str | None = None) -> tuple[Array, Array]:
        """Reference and prediction of a frame quantity."""
        return np.asarray(self.ref[label][self.index]), np.asarray(self.pred[predicted or label][self.index])

    def per_atom(self, label: str) -> tuple[Array, Array]:
        """Reference and prediction of an atom quantity."""
        stretch = slice(self.start, self.end)
        return self.ref[label][stretch], self.pred[label][stretch]


def twin_sums(
    twin: Twin, ref: Arrays, pred: Arrays, options: dict[str, Any], *, upstream: bool
) -> tuple[float, float, float]:
    """Weighted error sum, number of elements, number of labelled elements."""
    total = elements = labelled = 0.0
    for index, (start, end) in enumerate(frame_bounds(ref)):
        weight = _weight(twin, ref, index, upstream)
        frame = Frame(
            ref, pred, index, start, end, options, upstream, weight if twin.inside and upstream else 1.0
        )
        errors, present = twin.errors(frame)
        if twin.inside and upstream:
            weight = np.asarray(1.0)
        if not upstream:
            errors = np.where(present & (np.broadcast_to(weight, errors.shape) > 0), errors, 0.0)
        total += float((errors * weight).sum())
        counted = (np.broadcast_to(weight, errors.shape) > 0) & (present | upstream)
        elements += errors.size if twin.per_frame is None else twin.per_frame
        labelled += counted.sum() if twin.per_frame is None else twin.per_frame * bool(counted.any())
    return total, elements, labelled


def twin_mean(twin: Twin, ref: Arrays, pred: Arrays, options: dict[str, Any], *, upstream: bool) -> float:
    """The term before its stage weight."""
    total, elements, _ = twin_sums(twin, ref, pred, options, upstream=upstream)
    return total / max(elements, 1)


def huber(x: Array, delta: Any) -> Array:
    """Half the square, straight beyond delta."""
    return np.where(np.abs(x) <= delta, x**2 / 2, delta * (np.abs(x) - delta / 2))


def _weight(twin: Twin, ref: Arrays, index: int, upstream: bool) -> Array:
    names = twin.weights[1] if upstream else twin.weights[0]
    columns = [ref[name][index] for name in names]
    if twin.config or not upstream:
        columns.append(ref["weight"][index])
    weight = np.asarray(np.prod(np.broadcast_arrays(*columns), axis=0)) if columns else np.asarray(1.0)
    if not upstream and any(not ref[name][index] > 0 for name in twin.needs):
        return weight * 0.0
    return weight


def _with_finite(values: Array, label: Array) -> tuple[Array, Array]:
    finite = np.isfinite(label)
    return np.where(finite, values, 0.0) if not finite.all() else values, finite


def _energy(error: Callable[[Array, Frame], Array]) -> Callable[[Frame], tuple[Array, Array]]:
    def errors(frame: Frame) -> tuple[Array, Array]:
        ref, pred = frame.per_frame("energy")
        return _with_finite(
            error(np.atleast_1d(frame.inner * (ref - pred) / frame.n), frame), np.atleast_1d(ref)
        )

    return errors


def _of_frame(
    label: str, error: Callable[[Array, Frame], Array], per_atom: bool = False
) -> Callable[[Frame], tuple[Array, Array]]:
    def errors(frame: Frame) -> tuple[Array, Array]:
        ref, pred = (np.ravel(each) for each in frame.per_frame(label))
        return _with_finite(error(frame.inner * (ref - pred) / (frame.n if per_atom else 1), frame), ref)

    return errors


def _of_atoms(label: str, error: Callable[[Array, Frame], Array]) -> Callable[[Frame], tuple[Array, Array]]:
    def errors(frame: Frame) -> tuple[Array, Array]:
        ref, pred = frame.per_atom(label)
        ref = ref[:, : pred.shape[1]]
        return _with_finite(error(frame.inner * (ref - pred), frame), ref)

    return errors


def _square(x: Array, frame: Frame) -> Array:
    return x**2


def _absolute(x: Array, frame: Frame) -> Array:
    return np.abs(x)


def _huber(x: Array, frame: Frame) -> Array:
    return huber(x, frame.options["huber_delta"])


def _conditional(x: Array, frame: Frame) -> Array:
    known = np.nan_to_num(frame.ref["forces"][frame.start : frame.end])
    norms = np.linalg.norm(frame.inner * known, axis=1)
    factor = np.select([norms < 100, norms < 200, norms < 300], [1.0, 0.7, 0.4], 0.1)
    return huber(x, frame.options["huber_delta"] * factor[:, None])


def _euclidean(frame: Frame) -> tuple[Array, Array]:
    ref, pred = frame.per_atom("forces")
    return _with_finite(np.sqrt(((ref - pred) ** 2).sum(axis=1)), ref.sum(axis=1))


def _charge(per_atom: bool) -> Callable[[Frame], tuple[Array, Array]]:
    def errors(frame: Frame) -> tuple[Array, Array]:
        ref = frame.ref["total_charge"][frame.index]
        charge = sum(frame.pred["density_coefficients"][atom, 0] for atom in range(frame.start, frame.end))
        residual = (ref - charge) / (frame.n if per_atom else 1)
        return _with_finite(np.atleast_1d(residual**2), np.atleast_1d(ref))

    return errors


def _potential(predicted: str, target: str) -> Callable[[Frame], tuple[Array, Array]]:
    def errors(frame: Frame) -> tuple[Array, Array]:
        stretch = slice(frame.start, frame.end)
        reference = frame.pred[target][stretch]
        return _with_finite((reference - frame.pred[predicted][stretch]) ** 2, reference)

    return errors


def _molecules(frame: Frame) -> list[list[int]]:
    ids = frame.ref["cluster_batch"]
    found: dict[int, list[int]] = {}
    for atom in range(frame.start, frame.end):
        found.setdefault(int(ids[atom]), []).append(atom)
    return list(found.values())


def _net_forces(frame: Frame) -> Array:
    difference = frame.pred["forces"] - frame.ref["forces"]
    return np.array([difference[atoms].sum(axis=0) for atoms in _molecules(frame)]).reshape(-1, 3)


def _virial(per_atom: bool) -> Callable[[Frame], tuple[Array, Array]]:
    def errors(frame: Frame) -> tuple[Array, Array]:
        levers = _raw_levers(frame) if frame.upstream else _pairwise_levers(frame)
        virial = np.full(1, (levers * _net_forces(frame)).sum())
        label = np.full(1, frame.ref["forces"][frame.start : frame.end].sum())
        return _with_finite(virial**2 / (frame.n if per_atom else 1), label)

    return errors


def _raw_levers(frame: Frame) -> Array:
    positions = frame.ref["positions"]
    return np.array([positions[atoms].mean(axis=0) for atoms in _molecules(frame)]).reshape(-1, 3)


def _pairwise_levers(frame: Frame) -> Array:
    """Mean over all molecules of the displacement from each one's nearest image, pair by pair."""
    positions = frame.ref["positions"]
    centres = []
    for atoms in _molecules(frame):
        anchor = positions[atoms[0]]
        arms = [_nearest(frame, positions[atom] - anchor, split_ties=False) for atom in atoms]
        centres.append(anchor + np.mean(arms, axis=0))
    pairs = [[_nearest(frame, one - other, split_ties=True) for other in centres] for one in centres]
    return np.array(pairs).reshape(len(centres), -1, 3).mean(axis=1) if centres else np.zeros((0, 3))


def _nearest(frame: Frame, displacement: Array, *, split_ties: bool) -> Array:
    axes = frame.ref["cell"][frame.index][frame.ref["pbc"][frame.index]]
    if not len(axes):
        return displacement
    fractions: Array = np.asarray(np.linalg.lstsq(axes.T, displacement, rcond=None)[0])
    turns: Array = np.asarray(np.round(fractions))
    if split_ties:
        tied = np.abs(np.abs(fractions - np.trunc(fractions)) - 0.5) < 1e-9
        turns = np.asarray(np.where(tied, fractions, turns))
    return np.asarray(displacement - turns @ axes)


def _molecular(frame: Frame) -> tuple[Array, Array]:
    residual = frame.pred["forces"] - frame.ref["forces"]
    values, present = np.zeros(3), np.zeros(3, dtype=bool)
    for atoms in _molecules(frame):
        finite = np.isfinite(frame.ref["forces"][atoms]).all(axis=0)
        net = residual[atoms].sum(axis=0)
        values += np.where(finite | frame.upstream, net, 0.0) ** 2
        present |= finite
    return values / frame.n, np.full(3, present.any())


def _response(frame: Frame) -> tuple[Array, Array]:
    value = np.atleast_1d(np.maximum(frame.pred["dq_dmu"][frame.index], 0.0))
    return value, np.ones(1, dtype=bool)


def _last_step(frame: Frame) -> tuple[Array, Array]:
    history = frame.pred["charges_history"][frame.start : frame.end]
    value = np.abs(history[..., -1] - history[..., -2])
    return value, np.ones(value.shape, dtype=bool)


def _stability(frame: Frame) -> tuple[Array, Array]:
    stretch = slice(frame.start, frame.end)
    start = (frame.pred["perturbing_vector"][stretch] ** 2).sum(axis=0)
    end = (frame.pred["perturbed_density"][stretch] ** 2).sum(axis=0)
    excess = end / start - frame.options["offset"]
    beta = frame.options["beta"]
    soft = np.where(beta * excess > 20, excess, np.log1p(np.exp(np.minimum(beta * excess, 20))) / beta)
    value = soft if frame.options["smooth"] else np.maximum(excess, 0)
    return value, np.ones(value.shape, dtype=bool)


def _long_waves(frame: Frame) -> tuple[Array, Array]:
    norm = np.sqrt(frame.pred["k_vectors_normed_squared"][frame.index])
    weight = np.where(norm > 0, np.minimum(1 / np.where(norm > 0, norm, 1), 10), 10)
    return _waves(frame, weight, padding_counts=frame.upstream)


def _windowed(frame: Frame) -> tuple[Array, Array]:
    k = np.sqrt(frame.pred["k_vectors_normed_squared"][frame.index])
    alpha, cap = frame.options["alpha"], frame.options["k_min"] ** frame.options["alpha"]
    window = {
        "poly": np.where(k == 0, cap, np.minimum(np.where(k > 0, k, 1) ** alpha, cap)),
        "gaussian": np.exp(-alpha * k**2),
        "exponential": np.exp(-alpha * k),
    }[frame.options["form"]]
    values, _ = _waves(frame, window**2, padding_counts=True)
    kept = np.repeat(frame.pred["k_vectors_mask"][frame.index], 2)
    return values[kept], np.ones(int(kept.sum()), dtype=bool)


def _waves(frame: Frame, weight: Array, *, padding_counts: bool) -> tuple[Array, Array]:
    residual = frame.pred["rho_fftn"][frame.index] - frame.pred["rho_fftn_dft"][frame.index]
    values = (weight[:, None] * residual**2).ravel()
    kept = np.repeat(frame.pred["k_vectors_mask"][frame.index], 2)
    return (values, np.ones_like(kept)) if padding_counts else (np.where(kept, values, 0.0), kept)


def _same(*names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return names, names


_ESP = (("electrostatic_potentials_weight",), ("electrostatic_potentials_weight",))
_MULTIPOLES = ("density_coefficients_weight",)
_MOLECULE = ("cluster_loss_weight",)
_FORCES = ("forces_weight",)

TWINS: dict[str, Twin] = {
    "energy_per_atom": Twin(_energy(_square), _same("energy_weight")),
    "energy_per_atom_huber": Twin(_energy(_huber), _same("energy_weight"), inside=True),
    "energy_per_atom_l1": Twin(_energy(_absolute), _same("energy_weight")),
    "forces": Twin(_of_atoms("forces", _square), _same(*_FORCES)),
    "forces_huber": Twin(_of_atoms("forces", _conditional), _same(*_FORCES), inside=True),
    "forces_l2norm": Twin(_euclidean, _same(*_FORCES)),
    "stress": Twin(_of_frame("stress", _square), _same("stress_weight")),
    "stress_huber": Twin(_of_frame("stress", _huber), _same("stress_weight"), inside=True),
    "stress_l1": Twin(_of_frame("stress", _absolute), _same("stress_weight")),
    "atomic_multipoles": Twin(_of_atoms("density_coefficients", _square), _same(*_MULTIPOLES)),
    "atomic_multipoles_huber": Twin(_of_atoms("density_coefficients", _huber), _same(*_MULTIPOLES)),
    "total_charge": Twin(_charge(False), (("total_charge_weight",), ())),
    "total_charge_per_atom": Twin(_charge(True), (("total_charge_weight",), ())),
    "dipole": Twin(_of_frame("dipole", _square), _same("dipole_weight")),
    "dipole_per_atom": Twin(_of_frame("dipole", _square, per_atom=True), _same("dipole_weight")),
    "polarizability": Twin(
        _of_frame("polarizability", _square, per_atom=True), _same("polarizability_weight")
    ),
    "fermi_level": Twin(_of_frame("fermi_level", _square), (("fermi_level_weight",), ())),
    "fermi_level_per_atom": Twin(
        _of_frame("fermi_level", _square, per_atom=True), (("fermi_level_weight",), ())
    ),
    "fermi_level_gradient": Twin(_response, config=False),
    "esps": Twin(_potential("esps", "esps_dft"), _ESP, needs=_MULTIPOLES),
    "field_features": Twin(_potential("feats_no_mu_model", "feats_no_mu_dft"), _ESP, needs=_MULTIPOLES),
    "cluster_virial": Twin(_virial(False), _same(*_MOLECULE), needs=_FORCES),
    "cluster_virial_per_atom": Twin(_virial(True), _same(*_MOLECULE), needs=_FORCES),
    "molecular_forces": Twin(_molecular, _same(*_FORCES), needs=_MOLECULE, per_frame=3),
    "fixedpoint_scf_stability": Twin(_stability, config=False),
    "final_terms_fixedpoint_scf_stability": Twin(_last_step, config=False),
    "rho_fftn": Twin(_long_waves, (("rho_fftn_weight",), ()), config=False),
    "fourier_density": Twin(_windowed, (("rho_fftn_weight",), ()), config=False),
}
