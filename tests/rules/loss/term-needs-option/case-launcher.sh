#!/bin/bash
python run_train.py --config case-launcher.yaml --name slabs --error_table PerAtomRMSE \
    --train_file slabs.xyz --E0s average --hidden_irreps "64x0e + 64x1o" \
    --compute_stress False
