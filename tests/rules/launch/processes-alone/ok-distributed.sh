torchrun --standalone --nproc_per_node 4 scripts/run_train.py --config ok-distributed.yaml --distributed
