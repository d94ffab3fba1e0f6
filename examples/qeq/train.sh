#!/bin/bash
#SBATCH --job-name=methyl_qeq
#SBATCH --array=1-3
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --gres=gpu:1
#SBATCH --time=04:00:00
#SBATCH --output=%x-%A_%a.out

# One member of an ensemble per task of the array; `bash train.sh` alone trains the first. Run in this folder,
# where `scripts` is the trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-4}

seed=${SLURM_ARRAY_TASK_ID:-1}

args=(
    --config config.yaml
    --seed "$seed"
    --work_dir "runs/$seed"
    --device cuda
    --default_dtype float64
)
# Energies, forces, charges and dipoles in one table.
args+=(--error_table DensityDipoleRMSE)

mkdir -p "runs/$seed"
python scripts/run_train.py "${args[@]}"
