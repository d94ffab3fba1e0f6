python run_train.py --config case-dash-in-script.yaml --name water --error_table PerAtomRMSE \
    --train_file train.xyz --hidden_irreps 32x0e --E0s average -lr 0.01
