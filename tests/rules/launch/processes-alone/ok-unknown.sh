torchrun --nproc_per_node=$SLURM_GPUS run_train.py --config ok-unknown.yaml
