#!/bin/bash
python scripts/run_train.py \
    --config case-switch-that-takes-a-value.yaml \
    --name water \
    --train_file water.xyz \
    --error_table PerAtomRMSE \
    --E0s average \
    --num_channels 16 \
    --max_L 1 \
    --compute_polarizability \
    --seed 1
