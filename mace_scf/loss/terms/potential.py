"""Electrostatic potentials and features against those of the reference multipoles, V."""

from __future__ import annotations

from mace_scf.loss.batch import Level
from mace_scf.loss.term import Difference, Honoured, Term

# The target is the model's potential of the reference multipoles. Where those are missing it is the
# potential of nothing, so their presence decides too.
_HONOURED = Honoured(
    properties=("electrostatic_potentials",), needs=("electrostatic_potentials", "atomic_multipoles")
)
_UPSTREAM = Honoured(properties=("electrostatic_potentials",), needs=("electrostatic_potentials",))

TERMS = (
    Term(
        "esps",
        Level.ATOM,
        difference=Difference("esps", target="esps_dft"),
        predictions=("esps", "esps_dft"),
        targets=("esps_dft",),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
    Term(
        "field_features",
        Level.ATOM,
        difference=Difference("feats_no_mu_model", target="feats_no_mu_dft"),
        predictions=("feats_no_mu_model", "feats_no_mu_dft"),
        targets=("feats_no_mu_dft",),
        honoured=_HONOURED,
        upstream=_UPSTREAM,
    ),
)
