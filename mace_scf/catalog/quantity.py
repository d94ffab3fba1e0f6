"""A named physical thing: shape, unit, sign, where it is kept, and what becomes of it when absent."""

from __future__ import annotations

from typing import Literal

import attrs

Container = Literal["info_keys", "arrays_keys"]


@attrs.frozen(eq=False)
class Quantity:
    """One physical quantity, as reference (label), prediction or input.

    Attributes:
        name: the property name in ``heads`` (for references), else the key of the model's output.
        doc: meaning in one sentence.
        unit: of the values in a file: "eV", "e·Å"; "" if none.
        shape: with the field's letters: G frames, N atoms, M multipole columns.
        per: one value set per frame or per atom.
        sign: sign or order convention, "" if none.
        container: which map of ``heads`` holds it; ``None`` if it is no label.
        safe_key: a file key that neither ASE nor the trainer rewrites.
        weight: name of the per-frame weight entry (``config_<name>_weight``); ``None`` if there is none.
        unmapped: (value, weight) that the trainer uses when ``heads`` does not name it; ``None``: no weight.
        absent: the same for a frame that lacks the mapped key.
        batch: attribute name in a collated batch; "" if the same as the name.
        batch_weight: attribute name of the weight in a batch; "" if none.
        unproduced: for an output key, why no model of the catalog hands it over; "" if one does.
        trainers: names of the trainer versions that know it; empty = all.
    """

    name: str
    doc: str
    unit: str
    shape: str
    per: Literal["frame", "atom"]
    sign: str = ""
    container: Container | None = None
    safe_key: str = ""
    weight: str | None = None
    unmapped: tuple[float, float | None] = (0.0, None)
    absent: tuple[float, float | None] = (0.0, None)
    batch: str = ""
    batch_weight: str = ""
    unproduced: str = ""
    trainers: tuple[str, ...] = ()
