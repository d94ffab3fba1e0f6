#!/bin/bash
#SBATCH --ntasks=4
srun python run_train.py --config ok-seeds.yaml --name "water_$SLURM_PROCID"
