#!/bin/bash
GPUS=4
ARGS=(--config case-conditional-array.yaml --name water --train_file water.xyz
      --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1)
if [[ $GPUS -gt 1 ]]; then
    ARGS+=(--distributed=true)
fi
if [[ -n "${DEBUG_RUN:-}" ]]; then
    ARGS+=(--log_level DEBUG)
fi
torchrun --nproc_per_node="$GPUS" scripts/run_train.py "${ARGS[@]}"
