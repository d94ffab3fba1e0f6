mace_scf_train --config bulk.yaml --r_max 6.0
