mace_scf_train --config example.yaml --r_max 6.0
echo done
