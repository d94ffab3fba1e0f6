#!/bin/bash
#SBATCH --ntasks=4
srun -n 1 torchrun --nproc_per_node=1 run_train.py --config ok-one-process.yaml
