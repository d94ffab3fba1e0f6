#!/bin/bash
SEED=3
sbatch -N 1 --gres=gpu:1 --wrap="srun python scripts/run_train.py --config ok-wrapped.yaml --seed $SEED --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 --distributed"
