torchrun --nproc_per_node=4 run_train.py --config ok-file-says-so.yaml
