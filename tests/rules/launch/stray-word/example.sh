mace_scf_train --config example.yaml --E0s {1: -13.6, 8: -432.4}
