#!/bin/bash
mace_scf_train --config example.yaml \
  --batch_size 4 \ 
  --r_max 6.0
