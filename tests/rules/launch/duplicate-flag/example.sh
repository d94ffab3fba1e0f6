mace_scf_train --config example.yaml \
  --batch_size 4 \
  --r_max 5.0 \
  --batch_size 8
