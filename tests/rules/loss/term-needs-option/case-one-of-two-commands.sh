#!/bin/bash
ARGS=(--config case-one-of-two-commands.yaml --name water --train_file water.xyz
      --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1)
python scripts/run_train.py "${ARGS[@]}" --compute_stress true
python scripts/run_train.py "${ARGS[@]}" --seed 2 # compute_stress is forgotten
