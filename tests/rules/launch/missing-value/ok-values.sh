mace_scf_train --config=ok-values.yaml --batch_size 4 --ema --lr=0.01
