python run_train.py --config case-broken-literals.yaml \
  --heads="{'Default': {'info_keys': {'energy': 'REF_energy'}, 'arrays_keys': {'forces': 'REF_forces'}}"
