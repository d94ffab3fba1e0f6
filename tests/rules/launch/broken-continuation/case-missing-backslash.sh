mace_scf_train --config case-missing-backslash.yaml \
  --batch_size 4
  --r_max 6.0
