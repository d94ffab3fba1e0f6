mace_scf_train --config case-lone-sign.yaml --E0s '{1: -13.6, 8: -432.4}' --seed = 3 --r_max= 5.0
