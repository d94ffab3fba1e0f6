RUN=""
mace_scf_train --config case-quoted.yaml --wandb --wandb_name "$RUN" --r_max 6.0
