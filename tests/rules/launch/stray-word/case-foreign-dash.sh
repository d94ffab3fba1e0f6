mace_scf_train --config case-foreign-dash.yaml --E0s '{1: -13.6, 8: -432.4}' –-seed 3 --batch_size 4
