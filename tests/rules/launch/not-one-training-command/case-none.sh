sbatch other.sh
