#!/bin/bash
MODEL=FixedPoint
python run_train.py --config case-launcher.yaml \
    --name water --model "$MODEL" --error_table PerAtomRMSE \
    --train_file water.xyz --E0s average --num_channels 64 --max_L 1 \
    --use_linear_local_charges \
    --compute_stress true
