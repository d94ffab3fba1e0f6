#!/bin/bash
#SBATCH --job-name=salt_mixed
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=2
#SBATCH --gpus-per-node=2
#SBATCH --cpus-per-task=4
#SBATCH --time=12:00:00
#SBATCH --output=logs/%x-%j.out

# Two GPUs, one task on each. Run in this folder, where `scripts` is the trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

# ---- where the tasks find each other
MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
MASTER_PORT=$((20000 + SLURM_JOB_ID % 20000))
export MASTER_ADDR MASTER_PORT
export OMP_NUM_THREADS="$SLURM_CPUS_PER_TASK"

# ---- what is trained
config="config.yaml"
seed="${SEED:-1}"

read -r -a machine <<< "--device cuda --default_dtype float64 --distributed"

srun --cpu-bind=cores python scripts/run_train.py \
    --config "$config" \
    --seed "$seed" \
    "${machine[@]}"
