mace_scf_train --config example.yaml --batch_size --ema
