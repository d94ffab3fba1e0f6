#!/bin/bash
#SBATCH --job-name=formic_implicit
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --gres=gpu:1
#SBATCH --time=24:00:00
#SBATCH --output=%x-%j.out

# One task on one GPU: mode implicit does not run with --distributed. Run in this folder, where `scripts` is the
# trainer's folder of that name:
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

export OMP_NUM_THREADS=8

# Mode implicit needs torchopt. Without this line the run would stop at epoch 100.
python -c "import torchopt" || { echo "pip install torchopt" >&2; exit 1; }

name="formic_implicit"
data="data"

# ---- what may change from run to run
run=(
    --name "$name"
    --seed "${SEED:-1}"
    --train_file "$data/train.xyz"
    --valid_file "$data/valid.xyz"
    --test_file "$data/test.xyz"
)

# ---- optimiser and batches
training=(
    --optimizer adamw
    --scheduler ReduceLROnPlateau --scheduler_patience 10 --lr_factor 0.8
    --batch_size 4 --valid_batch_size 9
    --clip_grad 10.0
    --ema --ema_decay 0.99
)

# ---- machine and output
machine=(--device cuda --default_dtype float64)
output=(--error_table DensityDipoleRMSE --scf-convergence-summary)

srun --ntasks=1 python scripts/run_train.py --config config.yaml \
    "${run[@]}" \
    "${training[@]}" \
    "${machine[@]}" \
    "${output[@]}"
