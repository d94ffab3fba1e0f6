mace_scf_train --config ok-several.yaml --seed 1
mace_scf_train --config ok-several.yaml --seed 2
