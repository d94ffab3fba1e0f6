#!/bin/bash
TRAIN_ARGS=(
    --config case-launcher-array.yaml
    --name water
    --train_file water.xyz
    --batchsize 4
    --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
)
python scripts/run_train.py "${TRAIN_ARGS[@]}"
