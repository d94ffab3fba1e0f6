#!/bin/bash
SYSTEM=slab
case "$SYSTEM" in
    cluster|molecule) EXTRA=(--electrostatic_pbc_method molecule_in_box) ;;
    slab*)            EXTRA=(--electrostatic_pbc_method slab --distributed=true) ;;
    *)                EXTRA=() ;;
esac
python scripts/run_train.py --config case-under-case.yaml --name water --train_file water.xyz \
        --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 "${EXTRA[@]}"
