#!/bin/bash
#SBATCH --ntasks=4
srun $SRUN_OPTIONS python run_train.py --config ok-options-unknown.yaml
