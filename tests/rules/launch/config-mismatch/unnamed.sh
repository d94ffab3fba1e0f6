mace_scf_train --config "$1" --r_max 6.0
