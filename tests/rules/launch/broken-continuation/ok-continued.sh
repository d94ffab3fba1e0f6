mace_scf_train --config ok-continued.yaml \
  --batch_size 4 \
  --r_max 6.0
