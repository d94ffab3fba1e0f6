"""What one model provides, under which options and modes, and of what kind each value is."""

from __future__ import annotations

import enum

import attrs

from .option import Condition


class Carries(enum.Enum):
    """What training on a predicted value can change."""

    GRADIENT = "gradient"  # an ordinary prediction
    ECHO = "echo"  # the reference itself, handed back: its loss is exactly zero
    CONSTANT = "constant"  # does not depend on any parameter
    CONSERVED = "conserved"  # fixed by construction, whatever the parameters
    DETACHED = "detached"  # depends on parameters, but the graph is cut


@attrs.frozen(eq=False)
class Provision:
    """One output key of a model.

    Attributes:
        prediction: output key, e.g. ``fermi_level``.
        when: all of these hold, else the value is None or missing.
        carries: what kind of value it is under those conditions.
        reason: why, in a phrase ("`direct` feeds the reference in"), for reason chains.
        columns: for multipoles: "all" or "charges" (monopoles only).
    """

    prediction: str
    when: tuple[Condition, ...] = ()
    carries: Carries = Carries.GRADIENT
    reason: str = ""
    columns: str = "all"


@attrs.frozen(eq=False)
class Conservation:
    """A quantity that a model fixes by construction, so that a term on it teaches little or nothing.

    Attributes:
        quantity: name of the quantity.
        when: all of these hold.
        reason: fixed to what, in a phrase.
        exact: false where a tolerance is left, as after an iteration.
    """

    quantity: str
    when: tuple[Condition, ...] = ()
    reason: str = ""
    exact: bool = True


@attrs.frozen(eq=False)
class LabelInput:
    """A label that the model reads as an input, under some conditions.

    Attributes:
        quantity: name of the quantity.
        when: all of these hold.
        reason: what the label is taken for, in a phrase.
        harmless: zeros do as well where the label is not mapped.
        certain: false where a default alone leads here, so that the facts allow a warning at most.
        otherwise: how to do without the label, in a phrase.
    """

    quantity: str
    when: tuple[Condition, ...] = ()
    reason: str = ""
    harmless: bool = False
    certain: bool = True
    otherwise: str = ""


@attrs.frozen(eq=False)
class Refusal:
    """Options with which the model crashes.

    Attributes:
        when: all of these hold.
        reason: what goes wrong.
        at: phase, e.g. "at the first batch", "when the model is built".
        certain: false where the facts allow a warning at most.
    """

    when: tuple[Condition, ...]
    reason: str
    at: str
    certain: bool = True


@attrs.frozen(eq=False)
class Recommendation:
    """Loss terms and weights that the field uses for one model family.

    Attributes:
        stage: what kind of stage: "first", "second".
        terms: name and weight.
        source: where it was read.
    """

    stage: str
    terms: tuple[tuple[str, float], ...]
    source: str


@attrs.frozen(eq=False)
class Model:
    """Declaration of one model family.

    Attributes:
        name: value of the ``model`` option.
        doc: one sentence.
        family: plain, local-source, scf, charge-equilibration.
        electrostatic: predicts a charge density.
        modes: training modes chosen per stage; empty for models without modes.
        provides: every output key with its conditions. Several entries of one key are alternatives.
        conserves: quantities fixed by construction.
        inputs: labels read as inputs.
        refuses: option combinations with which it crashes.
        parameter_groups: legal ``<group>_lr`` names, without the suffix.
        conditional_groups: those of them that exist only under some options.
        needs_formal_charges: `atomic_formal_charges` or `formal_charges_from_data` is mandatory.
        recommended: terms and weights.
        trainers: trainer versions that have it.
    """

    name: str
    doc: str
    family: str
    electrostatic: bool
    modes: tuple[str, ...] = ()
    provides: tuple[Provision, ...] = ()
    conserves: tuple[Conservation, ...] = ()
    inputs: tuple[LabelInput, ...] = ()
    refuses: tuple[Refusal, ...] = ()
    parameter_groups: tuple[str, ...] = ()
    conditional_groups: tuple[tuple[str, tuple[Condition, ...]], ...] = ()
    needs_formal_charges: bool = False
    recommended: tuple[Recommendation, ...] = ()
    trainers: tuple[str, ...] = ("upstream", "engine")

    def provisions(self, prediction: str, columns: str = "charges") -> tuple[Provision, ...]:
        """Every way this model returns that output key; for multipoles, with ``columns`` at least."""
        return tuple(
            entry
            for entry in self.provides
            if entry.prediction == prediction and (columns == "charges" or entry.columns == "all")
        )
