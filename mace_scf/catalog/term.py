"""What one loss term is: what it compares, needs, honours and accepts."""

from __future__ import annotations

from typing import Literal

import attrs

from .option import Option


@attrs.frozen(eq=False)
class Term:
    """Declaration of one loss term.

    Attributes:
        name: key in a stage's ``loss`` mapping.
        doc: what it compares, one sentence.
        unit: of the raw value, e.g. "(eV/atom)²".
        formula: before multiplying by the stage weight.
        quantity: the quantity whose error it measures (name in the quantities).
        predictions: keys of the model output it reads; all needed.
        columns: of multipole predictions: "all" or "charges" (the monopole column is enough).
        references: ``heads`` properties whose values (or presence) it reads; all needed.
        weight_of: property whose per-frame weight multiplies it; "" if none is honoured.
        config_weight: whether the frame's ``config_weight`` multiplies it.
        options: beside ``weight``, the options of its mapping form.
        form: a "class" term must be given its options under the upstream trainer (a bare weight crashes).
        gradient: whether a model parameter can receive a gradient through it.
        per_atom: division by the number of atoms inside or outside the square.
        family: plain, electrostatic, scf, cluster, fourier, robust.
        base: for a variant (Huber, L1 …), the name of the plain term.
        note: what users should know (quirks of the trainer).
        trainers: names of the trainer versions that have it.
        source: where the formula was read.
    """

    name: str
    doc: str
    unit: str
    formula: str
    quantity: str
    predictions: tuple[str, ...]
    references: tuple[str, ...]
    weight_of: str = ""
    config_weight: bool = True
    options: tuple[Option, ...] = ()
    form: Literal["function", "class"] = "function"
    gradient: bool = True
    per_atom: Literal["", "inside", "outside"] = ""
    family: str = "plain"
    base: str = ""
    columns: Literal["all", "charges"] = "all"
    note: str = ""
    trainers: tuple[str, ...] = ("upstream", "engine")
    source: str = ""
