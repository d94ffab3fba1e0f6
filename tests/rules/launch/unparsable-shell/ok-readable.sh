if [ -n "$SLURM_JOB_ID" ]; then
  echo "in a job"
fi
mace_scf_train --config ok-readable.yaml --r_max 6.0
