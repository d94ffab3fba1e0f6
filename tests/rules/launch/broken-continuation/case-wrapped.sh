#!/bin/bash
sbatch --wrap "python scripts/run_train.py --config case-wrapped.yaml --name water --train_file water.xyz \ 
    --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1"
