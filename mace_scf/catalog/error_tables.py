"""What each value of `error_table` prints, needs and breaks."""

from __future__ import annotations

from .trainer import ErrorTable

_NO_FINAL_TABLE = "the run dies after training, before the final models are saved"

ERROR_TABLES: tuple[ErrorTable, ...] = (
    ErrorTable("PerAtomRMSE", note="safe for every model"),
    ErrorTable("DensityCoefficientsRMSE", needs=("density_coefficients",)),
    ErrorTable("DensityEnergyRMSE", needs=("density_coefficients",)),
    ErrorTable(
        "DensityDipoleRMSE",
        needs=("density_coefficients", "dipole"),
        note="also breaks when every validation frame has dipole weight 0",
    ),
    ErrorTable(
        "EnergyDensityDipoleRMSE",
        needs=("density_coefficients",),
        note="dipoles and polarizabilities are shown where the model has them",
    ),
    ErrorTable(
        "DipoleRMSE",
        needs=("dipole",),
        note=(
            "also breaks when every validation frame has dipole weight 0; unmapped dipoles are scored as "
            "zeros"
        ),
    ),
    ErrorTable(
        "EnergyDipolePotentialsRMSE",
        per_epoch=False,
        needs=("electrostatic_potentials",),
        note="no model returns electrostatic_potentials, so the first validation always breaks",
    ),
    ErrorTable("TotalRMSE", final=False, note=_NO_FINAL_TABLE),
    ErrorTable("PerAtomMAE", final=False, note=_NO_FINAL_TABLE),
    ErrorTable("TotalMAE", final=False, note=_NO_FINAL_TABLE),
    ErrorTable("PerAtomRMSEstressvirials", final=False, needs=("stress",), note=_NO_FINAL_TABLE),
    ErrorTable("EnergyDipoleRMSE", final=False, note=_NO_FINAL_TABLE),
)
