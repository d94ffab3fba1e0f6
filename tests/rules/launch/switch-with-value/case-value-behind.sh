mace_scf_train --config case-value-behind.yaml --E0s '{1: -13.6, 8: -432.4}' --ema True --restart_latest False --distributed False
