#!/bin/bash
train() {
    python scripts/run_train.py --config ok-function.yaml --name water --train_file water.xyz \
        --seed 1 \
        --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
}
train
