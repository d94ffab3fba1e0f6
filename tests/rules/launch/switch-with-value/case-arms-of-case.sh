#!/bin/bash
# train.sh small|large
case "$1" in
    small) python scripts/run_train.py --config case-arms-of-case.yaml --batch_size 4 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 ;;
    large) torchrun scripts/run_train.py --config case-arms-of-case.yaml --batch_size 64 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 --distributed=true ;;
esac
