#!/bin/bash
SCHEDULE="{0: {'name': 'first', 'start': 0, 'end': 9,
  'loss': {'force': 100.0, 'energy_per_atom': 1}}}"
python run_train.py --config case-literals-of-a-launcher.yaml --train_schedule "$SCHEDULE" \
  --heads="{'Default': {'info_keys': {'energy': 'REF_energy', 'total_charg': 'total_charge'},
                        'arrays_keys': {'forces': 'REF_forces'}}}"
