#!/bin/bash
SEED=1
sbatch <<EOF
#!/bin/bash
#SBATCH --gres=gpu:1
srun python scripts/run_train.py --config ok-here-document.yaml --seed $SEED --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 --distributed
EOF
