mace_scf_train --config example.yaml \
  --batch_size 4 \
  # --seed 2 \
  --r_max 6.0
