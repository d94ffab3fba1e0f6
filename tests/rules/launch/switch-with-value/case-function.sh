#!/bin/bash
#SBATCH --gres=gpu:1
set -euo pipefail

train() {
    local config=$1 seed=$2
    shift 2
    srun python scripts/run_train.py --config "$config" --seed "$seed" --name water --train_file water.xyz \
        --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 "$@"
}

train case-function.yaml 1 --distributed=true
