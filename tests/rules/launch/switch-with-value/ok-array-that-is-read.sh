#!/bin/bash
read -r -d '' -a ARGS <<'EOF'
--config ok-array-that-is-read.yaml
--seed 1
--distributed
EOF
python scripts/run_train.py "${ARGS[@]}" --name water --train_file water.xyz \
        --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
