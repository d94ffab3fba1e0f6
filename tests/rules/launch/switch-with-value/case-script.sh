#!/bin/bash
python run_train.py --config case-script.yaml --name water --error_table PerAtomRMSE \
    --train_file train.xyz --hidden_irreps 32x0e --E0s average \
    --wandb=false \
    --distributed=true  # one rank per GPU
