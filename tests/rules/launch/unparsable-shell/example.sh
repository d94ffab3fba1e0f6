mace_scf_train --config example.yaml --r_max 6.0
if [ -n "$SLURM_JOB_ID" ]; then
  echo "in a job
fi
