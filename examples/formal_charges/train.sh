#!/bin/bash
#SBATCH --job-name=ions
#SBATCH --ntasks=1
#SBATCH --gres=gpu:1
#SBATCH --time=08:00:00
#SBATCH --output=%x-%j.out

# First the baseline of fixed charges, then split charges on the same frames. Run in this folder, where `scripts`
# is the trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

trainer=scripts/run_train.py
common=(--device cuda --default_dtype float64)

python "$trainer" --config config.yaml "${common[@]}"
python "$trainer" --config split.yaml "${common[@]}"
