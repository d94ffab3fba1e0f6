python run_train.py --config ok-launcher-says.yaml --model LocalCharges --name x --error_table PerAtomRMSE \
    --train_file "$DATA" --E0s average --num_channels 64 --max_L 1
