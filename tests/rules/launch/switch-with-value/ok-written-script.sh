#!/bin/bash
for seed in 1 2 3; do
    cat > job_$seed.sh <<EOF
#!/bin/bash
python scripts/run_train.py --config ok-written-script.yaml --seed $seed --name water --train_file water.xyz --error_table PerAtomRMSE --E0s average --num_channels 16 --max_L 1 --distributed
EOF
    sbatch job_$seed.sh
done
