mace_scf_train --config ok-same-value.yaml --batch_size 8 --seed 3
