mace_scf_train --config case-given-here.yaml --batch_size 8 --r_max 6.0
