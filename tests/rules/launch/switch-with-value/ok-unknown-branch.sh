#!/bin/bash
ARGS=(--config ok-unknown-branch.yaml --name water --train_file water.xyz
      --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1)
[[ "$SLURM_NTASKS" -gt 1 ]] && ARGS+=(--distributed)
if [ -z "$RESTART" ]; then
    ARGS+=(--seed 1)
else
    ARGS+=(--seed 2 --restart_latest)
fi
srun python scripts/run_train.py "${ARGS[@]}"
