#!/bin/bash
#SBATCH --job-name=ammonia_water
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --gres=gpu:1
#SBATCH --time=12:00:00
#SBATCH --output=%x-%j.out

# Run in this folder, where `scripts` is the trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

export OMP_NUM_THREADS=8

NAME=ammonia_water
SEED=${SEED:-1}

# What is given here beats config.yaml.
srun python scripts/run_train.py \
    --config config.yaml \
    --name "$NAME" \
    --seed "$SEED" \
    --train_file data/train.xyz \
    --valid_file data/valid.xyz \
    --batch_size 4 \
    --valid_batch_size 10 \
    --clip_grad 10.0 \
    --error_table DensityDipoleRMSE \
    --device cuda \
    --default_dtype float64
