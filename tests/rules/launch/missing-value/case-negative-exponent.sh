python run_train.py --config case-negative-exponent.yaml --mean -1e-3 --std -0.5 --log_level -x
