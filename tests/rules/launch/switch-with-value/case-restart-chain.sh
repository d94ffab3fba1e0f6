#!/bin/bash
first=$(sbatch --parsable --wrap "python scripts/run_train.py --config case-restart-chain.yaml --seed 1 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1")
sbatch --dependency=afterany:$first --wrap "python scripts/run_train.py --config case-restart-chain.yaml --seed 1 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 --distributed=true"
