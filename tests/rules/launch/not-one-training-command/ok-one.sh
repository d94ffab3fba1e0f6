mace_scf_train --config ok-one.yaml --seed 1
