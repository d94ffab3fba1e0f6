"""D236: atomic energies that are far from the energies of the frames."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, final

from ...catalog.option import is_number
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._heads import Mapped
from ._labels import counted, is_findable, read_line

if TYPE_CHECKING:
    from ...dataset.facts import NormalEquations

_HARTREE, _KCAL = 27.2114, 23.0605  # eV; kcal/mol in 1 eV
_LOWEST, _HIGHEST = -50.0, 5.0  # eV per atom that binding can be
_STRONGEST = -15.0  # eV per atom that binding mostly is


@final
class E0sFarFromEnergies(Rule):
    """Atomic energies that are far from the energies of the frames.

    What it checks: the mean over the training frames of the energy less the given `E0s`, for an atom: it lies
    between −50 and +5 eV. Binding takes a few eV for an atom.

    Why it matters: energies and atomic energies of two units, two codes or two levels of theory do not
    belong together; so don't total energies beside atomic energies of 0, nor the reverse. The network has to
    learn hundreds of eV for each atom, the loss starts in the thousands, and molecules fall apart into
    atoms of another theory.

    How to fix: compute the isolated atoms with the settings of the frames, in eV; `E0s: average` fits them.
    """

    code, slug, severity = "D236", "e0s-far-from-energies", Severity.WARNING
    after = ("C141", "C110", "C125", "D211", "D201")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """At most one finding."""
        setting = context.run.option("E0s")
        train = context.data.train
        line = read_line(context, "energy")
        if train is None or train.profile.isolated or line is None or not is_findable(line):
            return
        equations = train.profile.energies.get(str(line.key.value))
        if (
            not setting.known
            or not isinstance(setting.value, dict)
            or equations is None
            or not equations.frames
        ):
            return
        energies = _numbers(setting.value)
        mean = _residual(equations, energies) if set(equations.elements) <= set(energies) else None
        if mean is not None and math.isfinite(mean) and not _LOWEST <= mean <= _HIGHEST:
            yield self.finding(
                f"energies lie {mean:+.4g} eV per atom from `E0s`", span=setting.span,
                labels=line.key.label("the energies"),
                notes=(f"mean over {counted(equations.frames, 'training frame')}", *_guess(equations, energies, line)),
                when="the network has to learn that difference, and nobody complains",
                help="give the energies of isolated atoms by the same method, in eV, or `E0s: average`",
            )  # fmt: skip


def _residual(equations: NormalEquations, energies: Mapping[int, float], *, scale: float = 1.0) -> float:
    """Mean of (E − Σ E0) for an atom in eV, large frames counting more; ``scale`` times the energies."""
    from ...dataset.exact import nearest_float

    total = scale * sum(nearest_float(value) for value in equations.moment.values())
    given = sum(count * energies.get(other, 0.0) for (_, other), count in equations.gram.items())
    return (total - given) / sum(equations.gram.values())


def _guess(equations: NormalEquations, energies: Mapping[int, float], line: Mapped) -> Iterator[str]:
    """What would bring both together."""
    hartree = {number: energy * _HARTREE for number, energy in energies.items()}
    if any(energies.values()) and _is_bound(_residual(equations, {})):
        yield f"`{line.key.value}` fits atomic energies of 0: it looks like the energy of binding alone"
    elif not any(energies.values()):
        yield f"`{line.key.value}` looks like the total energy of all electrons or cores"
    elif _is_bound(_residual(equations, hartree)):
        yield "in hartree, `E0s` would fit: multiply by 27.2114"
    elif _is_bound(_residual(equations, energies, scale=_HARTREE)):
        yield f"in hartree, `{line.key.value}` would fit: multiply by 27.2114"
    elif _is_bound(_residual(equations, energies, scale=1.0 / _KCAL)):
        yield f"in kcal/mol, `{line.key.value}` would fit: divide by 23.0605"


def _is_bound(mean: float) -> bool:
    """As strongly as atoms are in real matter, which tells units apart."""
    return _STRONGEST <= mean <= _HIGHEST


def _numbers(value: dict[object, object]) -> dict[int, float]:
    return {key: float(energy) for key, energy in value.items() if type(key) is int and is_number(energy)}
