mace_scf_train --config ok-quoted.yaml --E0s '{1: -13.6, 8: -432.4}'
