#!/bin/bash
SEED=3
ARGS=(
    --config ok-array.yaml
    --name water
    --seed $SEED
    --train_file water.xyz
    --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
)
python scripts/run_train.py "${ARGS[@]}"
