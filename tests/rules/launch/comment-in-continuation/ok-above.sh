# --seed 2
mace_scf_train --config ok-above.yaml \
  --batch_size 4 \
  --r_max 6.0
