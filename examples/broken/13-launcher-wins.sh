#!/bin/bash
#SBATCH --time=12:00:00
NAME=water

srun python run_train.py \
    --config 13-launcher-wins.yaml \
    --name "$NAME" \
    --model LocalCharges \
    --device cuda
