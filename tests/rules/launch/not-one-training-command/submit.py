import subprocess

subprocess.run(["sbatch", "train.sh", "--config", "case-python.yaml"], check=True)
