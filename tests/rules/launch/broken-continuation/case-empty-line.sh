mace_scf_train --config case-empty-line.yaml \

  --r_max 6.0
