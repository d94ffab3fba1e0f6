mace_scf_train --config example.yaml --seed 1
mace_scf_train --config example.yaml --seed 2
