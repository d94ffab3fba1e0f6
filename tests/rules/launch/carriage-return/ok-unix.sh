mace_scf_train --config ok-unix.yaml --r_max 6.0
echo done
