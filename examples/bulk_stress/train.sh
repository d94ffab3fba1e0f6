#!/bin/bash
#SBATCH --job-name=rock_salt
#SBATCH --ntasks=1
#SBATCH --gres=gpu:1
#SBATCH --time=06:00:00

# Run in this folder, where `scripts` is the trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

machine=(--device cuda --default_dtype float64)

srun python scripts/run_train.py --config config.yaml --seed "${SEED:-1}" "${machine[@]}"
