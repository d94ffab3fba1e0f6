#!/bin/bash
train() {
    local seed=$1
    python scripts/run_train.py --config case-function-argument.yaml --seed $seed --name water --train_file water.xyz \
        --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
}
train
