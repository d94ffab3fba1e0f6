torchrun --standalone --nproc_per_node 4 scripts/run_train.py --config example.yaml --r_max 6.0
