"""Which periodicities each boundary method of the Coulomb sum accepts."""

from __future__ import annotations

from .trainer import BoundaryMethod

BOUNDARY_METHODS: tuple[BoundaryMethod, ...] = (
    BoundaryMethod("realspace", ("FFF",), "direct sum over pairs, for molecules"),
    BoundaryMethod("pbc", ("TTT",), "Ewald-like sum, for bulk"),
    BoundaryMethod("slab", ("TTF",), "periodic in the plane, vacuum along the third axis"),
    BoundaryMethod("molecule_in_box", ("FFF",), "molecules in a box of 30-40 Å with box corrections"),
    BoundaryMethod("mixed_periodic", ("TTT", "TTF", "FFF"), "bulk, slabs and molecules in one data set"),
    BoundaryMethod(
        "auto",
        ("TTT", "TTF", "TFT", "FTT", "TFF", "FTF", "FFT", "FFF"),
        "chosen for each frame; the trainer checks no periodicity",
    ),
)
