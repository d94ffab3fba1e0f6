#!/bin/bash
NAME=
python scripts/run_train.py --config case-attached.yaml --name=$NAME --train_file water.xyz \
    --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
