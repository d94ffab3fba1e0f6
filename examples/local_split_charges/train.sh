#!/bin/bash
# Everything is in config.yaml. `scripts` is the trainer's folder of that name: link it here once with
#   ln -s /path/to/mace_scf/scripts scripts
set -euo pipefail

python scripts/run_train.py --config config.yaml
