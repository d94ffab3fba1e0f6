#!/bin/bash
for SEED in 1 2 3; do
  mace_scf_train --config example.yaml --seed "$SEED" --batch_size 4 --name water
done
