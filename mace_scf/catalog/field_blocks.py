"""Class names that the update and readout mappings of FixedPoint are known to take."""

from __future__ import annotations

from .trainer import FieldBlock

# The set changes between trainer versions, so a name that is missing here deserves a warning at most.
FIELD_BLOCKS: tuple[FieldBlock, ...] = (
    FieldBlock(
        "OneBodyVariableUpdate", "update", "the default: each atom answers its own potential", default=True
    ),
    FieldBlock(
        "OneBodyScaledNonLinearUpdate",
        "update",
        "non-linear and scaled by element; needs l = 0 and 1",
        needs_vectors=True,
    ),
    FieldBlock(
        "OneBodyScaledDPNonLinearUpdate",
        "update",
        "non-linear, scaled by element, with dipoles; needs l = 0 and 1",
        needs_vectors=True,
    ),
    FieldBlock("ManyBodyUpdate", "update", "neighbours answer together, through an interaction block"),
    FieldBlock("LinearPotentialEmbedding", "potential_embedding_cls", "linear in the potential features"),
    FieldBlock(
        "BiasedLinearPotentialEmbedding",
        "potential_embedding_cls",
        "linear with a bias; part of the default update",
        default=True,
    ),
    FieldBlock("TanhPotentialEmbedding", "potential_embedding_cls", "saturates at large potentials"),
    FieldBlock("NoNonLinearity", "nonlinearity_cls", "none; part of the default update", default=True),
    FieldBlock("ShallowNonLinearity", "nonlinearity_cls", "one hidden layer"),
    FieldBlock("SkipMLPLinearity", "nonlinearity_cls", "several layers beside a linear path"),
    FieldBlock("MLPNonLinearity", "nonlinearity_cls", "several layers"),
    FieldBlock("UncoupledProductMixer", "central_atom_mixer_cls", "products without coupling"),
    FieldBlock("AdditiveFieldMixer", "central_atom_mixer_cls", "sum; what ManyBodyUpdate takes by itself"),
    FieldBlock("NoMixer", "central_atom_mixer_cls", "no mixing"),
    FieldBlock("UncoupledProductMixer", "central_atom_feats_mixer_cls", "products without coupling"),
    FieldBlock("AdditiveFieldMixer", "central_atom_feats_mixer_cls", "sum"),
    FieldBlock("NoMixer", "central_atom_feats_mixer_cls", "no mixing; what ManyBodyUpdate takes by itself"),
    FieldBlock("AugRealAgnosticResidualInteractionBlock", "interaction_cls", "residual, with the field"),
    FieldBlock(
        "RealAgnosticDensityResidualInteractionBlock",
        "interaction_cls",
        "residual, normalised by density; what ManyBodyUpdate takes by itself",
    ),
    FieldBlock(
        "StrictQuadraticFieldEnergyReadout",
        "readout",
        "the default: quadratic in the field",
        uses_potential_features=True,
        default=True,
    ),
    FieldBlock("NullFieldReadout", "readout", "no energy from the field"),
    FieldBlock("OneBodyMLPFieldReadout", "readout", "layers on each atom", uses_potential_features=True),
    FieldBlock("QuadraticChargesEnergyReadout", "readout", "quadratic in the charges"),
    FieldBlock("LinearChargesEnergyReadout", "readout", "linear in the charges"),
    FieldBlock("ManyBodyChargesReadout", "readout", "charges of an atom and its neighbours"),
    FieldBlock(
        "ManyBodyChargesFieldReadout",
        "readout",
        "charges and field of an atom and its neighbours",
        uses_potential_features=True,
    ),
)
