"""Terms on the charge density in reciprocal space."""

from __future__ import annotations

from ..option import Condition, Kind, Option
from ..term import Term
from .versions import in_both

_SOURCE = "upstream loss module, 6899b01"
_UNREACHABLE = (
    "A model returns the densities only when it was built with `rho_fftn_mode`, and no option reaches that "
    "argument."
)
_NO_WEIGHT = "No weight of a frame acts."

_FOURIER_OPTIONS = (
    Option(
        name="form",
        kind=Kind.STRING,
        doc="Shape of the factor W on each k vector, which enters squared.",
        default="poly",
        choices=("poly", "gaussian", "exponential"),
        choice_docs=("min(|k|^alpha, k_min^alpha)", "exp(−alpha · k²)", "exp(−alpha · |k|)"),
        source=_SOURCE,
    ),
    Option(
        name="alpha",
        kind=Kind.NUMBER,
        doc="Exponent of `poly`, decay of the other forms.",
        default=1.0,
        source=_SOURCE,
    ),
    Option(
        name="k_min",
        kind=Kind.NUMBER,
        doc="Length of k beyond which the factor of `poly` stays constant; it holds at k = 0 too.",
        default=1.0,
        unit="1/Å",
        minimum=0.0,
        exclusive_minimum=True,
        only_if=(Condition("form", ("poly",)),),
        source=_SOURCE,
    ),
)

FOURIER: tuple[Term, ...] = (
    *in_both(
        Term(
            name="rho_fftn",
            doc="Squared error of the Fourier density, long waves weighted most.",
            unit="e²·Å",
            formula="mean over frames, k and parts of min(1/|k|, 10) · Δρ²",
            quantity="rho_fftn",
            predictions=("rho_fftn", "rho_fftn_dft", "k_vectors_normed_squared"),
            references=("rho_fftn",),
            config_weight=False,
            family="fourier",
            note=f"{_UNREACHABLE} {_NO_WEIGHT} Padded k vectors count too, and the first is taken for k = 0.",
            source=_SOURCE,
        ),
        formula="mean over frames, k and parts of w · min(1/|k|, 10) · Δρ²",
        config_weight=True,
        note=f"{_UNREACHABLE} Padded k vectors are left out where a mask names them.",
    ),
    *in_both(
        Term(
            name="fourier_density",
            doc="Squared error of the Fourier density, with a chosen factor on each k vector.",
            unit="e²",
            formula="mean over unmasked k and parts of W(k)² · Δρ²",
            quantity="rho_fftn",
            predictions=("rho_fftn", "rho_fftn_dft", "k_vectors_normed_squared", "k_vectors_mask"),
            references=("rho_fftn",),
            config_weight=False,
            options=_FOURIER_OPTIONS,
            form="class",
            family="fourier",
            note=f"{_UNREACHABLE} {_NO_WEIGHT}",
            source=_SOURCE,
        ),
        formula="mean over unmasked k and parts of w · W(k)² · Δρ²",
        config_weight=True,
        note=_UNREACHABLE,
    ),
)
