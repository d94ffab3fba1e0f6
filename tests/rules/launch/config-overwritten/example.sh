#!/bin/bash
END=99
cat > example.yaml <<EOF
# args: --no-data
name: water
train_file: train.xyz
hidden_irreps: 32x0e + 32x1o
E0s: average
error_table: PerAtomRMSE
heads:
  Default:
    info_keys: {energy: REF_energy, total_charge: total_charge}
    arrays_keys: {forces: REF_forces}
train_schedule:
  0: {name: first, start: 0, end: $END, loss: {energy_per_atom: 1.0, forces: 100.0}}
EOF
mace_scf_train --config example.yaml
