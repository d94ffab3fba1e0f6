#!/usr/bin/env bash
#SBATCH --gres=gpu:1
set -euo pipefail

data=${DATA:?folder of the frames}

python scripts/run_train.py \
  --config config.yaml \
  --name slab \
  --error_table ElectrostaticRMSE \
  --train_file "$data/train.xyz" \
  --valid_file "$data/valid.xyz" \
  --optimizer adam \
  --scheduler none
