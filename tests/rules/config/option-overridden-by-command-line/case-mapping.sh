python run_train.py --config case-mapping.yaml \
    --E0s average \
    --train_schedule "{0: {'name': 'a', 'start': 0, 'end': 9, 'loss': {'energy_per_atom': 1.0, 'forces': 1.0}}}"
