#!/bin/bash
case "$1" in
    test) BATCH=0 ;;
    *)    BATCH=8 ;;
esac
RATIO=1.5
python scripts/run_train.py --config case-launcher-variable.yaml --batch_size "$BATCH" --valid_fraction $RATIO \
    --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
