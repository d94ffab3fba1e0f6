RATE=
mace_scf_train --config example.yaml --batch_size $RATE --r_max 6.0
