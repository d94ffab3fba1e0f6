ARGS=(
  --batch_size 4
  --r_max 6.0  # Å
)
mace_scf_train --config ok-array.yaml "${ARGS[@]}"
