EMA=
mace_scf_train --config ok-optional-switch.yaml --r_max 6.0 $EMA
