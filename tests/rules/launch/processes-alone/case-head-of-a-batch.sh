#!/bin/bash
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=4
srun python scripts/run_train.py --config case-head-of-a-batch.yaml --r_max 6.0
