#!/bin/bash
#SBATCH --ntasks-per-node=4
#SBATCH --gres=gpu:4
set -euo pipefail

srun python scripts/run_train.py --config 18-implicit-distributed.yaml \
    --device cuda \
    --distributed --launcher slurm
