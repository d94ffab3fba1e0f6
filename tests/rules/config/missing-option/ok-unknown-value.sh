mace_scf_train --config ok-unknown-value.yaml --name "$RUN_NAME" --train_file "$DATA" --error_table PerAtomRMSE
