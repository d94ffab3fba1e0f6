mpirun -np 2 python run_train.py --config case-attached.yaml --r_max 6.0
srun -n4 python run_train.py --config case-attached.yaml --name other --r_max 6.0
