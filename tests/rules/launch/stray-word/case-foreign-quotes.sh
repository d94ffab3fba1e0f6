mace_scf_train --config case-foreign-quotes.yaml --E0s '{1: -13.6, 8: -432.4}' --wandb --wandb_name “my run” --seed 3
