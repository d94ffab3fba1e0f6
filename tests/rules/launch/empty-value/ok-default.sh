SEED=
mace_scf_train --config ok-default.yaml --seed "${SEED:-3}"
