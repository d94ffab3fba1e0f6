#!/bin/bash
python scripts/run_train.py --config case-too-many.yaml --seed 0 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 1 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 2 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 3 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 4 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 5 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 6 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 7 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 8 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 9 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 10 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 11 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 12 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 13 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 14 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 15 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
python scripts/run_train.py --config case-too-many.yaml --seed 16 --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1
