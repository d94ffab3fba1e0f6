#!/bin/bash
case "$1" in
    gpu) DEVICE="--device cuda --distributed" ;;
    cpu) DEVICE="--device cpu" ;;
    *)   echo "usage: $0 gpu|cpu"; exit 1 ;;
esac
python scripts/run_train.py --config ok-unknown-case.yaml --name water --train_file water.xyz \
        --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 $DEVICE
