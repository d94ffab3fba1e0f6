#!/bin/bash -l
#SBATCH --job-name=salt_slab
#SBATCH --partition=gpu
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --gres=gpu:1
#SBATCH --mem=32G
#SBATCH --time=12:00:00
#SBATCH --output=slurm-%x-%j.out

# Run in this folder, where `scripts` is the trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

CONFIG=config.yaml
SEED=${SEED:-1}
WORK_DIR=runs/slab_${SEED}

mkdir -p "$WORK_DIR"

ARGS=(
    --config "$CONFIG"
    --seed "$SEED"
    --work_dir "$WORK_DIR"
    --device cuda
    --default_dtype float64
    --num_workers 2
    --log_on_test_sets
)

# A run of the same name, seed and folder goes on from its last checkpoint, even with another config: for a fresh
# start take another seed or empty the folder.
srun python scripts/run_train.py "${ARGS[@]}" 2>&1 | tee "$WORK_DIR/stdout.log"
