"""The trainer is found behind whatever runs it, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from mace_scf.source.launcher import read_launcher

# The word that names the trainer; the trainer's own first argument is always `--config`.
TRAINERS = {
    "run_train --config c": "run_train",
    "mace_run_train --config c": "mace_run_train",
    "mace_scf_run_train --config c": "mace_scf_run_train",
    "mace_scf_train --config c": "mace_scf_train",
    "/opt/bin/mace_run_train --config c": "/opt/bin/mace_run_train",
    "python run_train.py --config c": "run_train.py",
    "python3.11 -u -W ignore -X dev scripts/run_train.py --config c": "scripts/run_train.py",
    "/envs/mace/bin/python3 -u ./run_train.py --config c": "./run_train.py",
    "python -m mace_scf.scripts.run_train --config c": "mace_scf.scripts.run_train",
    "python -um mace_scf.cli.run_train --config c": "mace_scf.cli.run_train",
    "python train_model.py --config c": "train_model.py",
    "python train_model.py --config=c": "train_model.py",
    "my-trainer --config c": "my-trainer",
    "my-trainer --config=c": "my-trainer",
    "$PYTHON run_train.py --config c": "run_train.py",
    '"$PYTHON" train.py --config c': "train.py",
    "${LAUNCH} python run_train.py --config c": "run_train.py",
    "python $ROOT/scripts/run_train.py --config c": "$ROOT/scripts/run_train.py",
    'python "$SCRIPT" --config c': '"$SCRIPT"',
    '"$TRAIN" --config c': '"$TRAIN"',
    "$(which python) run_train.py --config c": "run_train.py",
    "torchrun --nproc_per_node 2 $(which mace_run_train) --config c": "$(which mace_run_train)",
    "CUDA_VISIBLE_DEVICES=0 OMP_NUM_THREADS=8 run_train --config c": "run_train",
    "env A=1 -u B C=2 run_train --config c": "run_train",
    "time -p run_train --config c": "run_train",
    "nohup run_train --config c &": "run_train",
    "exec run_train --config c": "run_train",
    "nice -n 10 run_train --config c": "run_train",
    "nice -10 run_train --config c": "run_train",
    "timeout 3h run_train --config c": "run_train",
    "timeout -s INT -k 60 3h run_train --config c": "run_train",
    "timeout --signal=INT 3h run_train --config c": "run_train",
    "stdbuf -oL -eL run_train --config c": "run_train",
    "stdbuf -o L run_train --config c": "run_train",
    "numactl -N 0 -m 0 python run_train.py --config c": "run_train.py",
    "taskset -c 0-7 python run_train.py --config c": "run_train.py",
    "srun run_train --config c": "run_train",
    "srun -n 4 -N1 --gres=gpu:4 --cpu-bind none -u python run_train.py --config c": "run_train.py",
    "srun --job-name run_train --exclusive python train.py --config c": "train.py",
    "srun -J python --unknown-option value python train.py --config c": "train.py",
    "srun --unknown-switch python train.py --config c": "train.py",
    "srun $OPTIONS -n 4 python train.py --config c": "train.py",
    "srun --ntasks=$N python train.py --config c": "train.py",
    "mpirun -np 4 -x PATH --bind-to core python -u run_train.py --config c": "run_train.py",
    "mpirun --mca btl tcp -np 4 run_train --config c": "run_train",
    "mpirun --strange a b python train.py --config c": "train.py",
    "mpiexec -n 2 ./run_train --config c": "./run_train",
    "torchrun --nproc_per_node=4 run_train.py --config c": "run_train.py",
    "torchrun --standalone --nproc-per-node gpu train.py --config c": "train.py",
    "torchrun --nnodes 2 -m mace_scf.scripts.run_train --config c": "mace_scf.scripts.run_train",
    "torchrun --no-python mace_run_train --config c": "mace_run_train",
    "python -m torch.distributed.run --nproc_per_node 4 run_train.py --config c": "run_train.py",
    "python -m torch.distributed.launch --use_env train.py --config c": "train.py",
    "accelerate launch --multi_gpu --num_processes 4 train.py --config c": "train.py",
    "accelerate launch -m mace_scf.scripts.run_train --config c": "mace_scf.scripts.run_train",
    "deepspeed --num_gpus 4 train.py --config c": "train.py",
    "conda run -n run_train python train.py --config c": "train.py",
    "conda run --no-capture-output -p /env run_train --config c": "run_train",
    "micromamba run -n env run_train --config c": "run_train",
    "apptainer exec --nv -B /data:/data image.sif python run_train.py --config c": "run_train.py",
    "singularity --silent run --bind=$PWD image.sif run_train --config c": "run_train",
    "docker run --rm --gpus all -v $PWD:/w image:tag run_train --config c": "run_train",
    "uv run --with x python run_train.py --config c": "run_train.py",
    "pixi run run_train --config c": "run_train",
    "python -m cProfile -o out.prof run_train.py --config c": "run_train.py",
    "nsys profile -o report python run_train.py --config c": "run_train.py",
    "srun apptainer exec image.sif torchrun --nproc_per_node=2 run_train.py --config c": "run_train.py",
    "if ! run_train --config c; then exit 1; fi": "run_train",
    "( cd x && run_train --config c ) 2>&1 | tee log": "run_train",
    "bash -c 'run_train --config c'": "run_train",
    'bash -lc "cd x; run_train --config c"': "run_train",
    "srun bash -c 'exec run_train --config c'": "run_train",
    "sbatch --wrap 'run_train --config c'": "run_train",
    'sbatch -N 1 --wrap="python run_train.py --config c"': "run_train.py",
    "ID=$(sbatch --parsable --wrap='run_train --config c')": "run_train",
    "sbatch <<EOF\n#!/bin/bash\nrun_train --config c\nEOF": "run_train",
    "sbatch -N 1 <<'EOF'\nsrun run_train --config c\nEOF": "run_train",
    "cat > job.sh <<EOF\nrun_train --config c\nEOF": "run_train",
    "eval run_train --config c": "run_train",
    "sudo -E -u mace python run_train.py --config c": "run_train.py",
    "flock -n lock python run_train.py --config c": "run_train.py",
    "watch -n 5 run_train --config c": "run_train",
    "seq 3 | xargs -P 3 -I{} python run_train.py --config c": "run_train.py",
    "parallel -j 2 python run_train.py --config c ::: 1 2": "run_train.py",
    "log_to out.txt python run_train.py --config c": "run_train.py",
    "./with_env.py run_train --config c": "run_train",
}

NO_TRAINERS = [
    "",
    "# run_train --config c",
    "mace-scf validate --config c run_train",
    "mace-scf validate config.yaml",
    "python -m mace_scf validate --config c",
    "conda run -n run_train mace-scf validate c --config x",
    "echo run_train --config c",
    "printf '%s' run_train --config c",
    "cp run_train.py x; vim run_train.py; cat run_train",
    "pytest --config c",
    "python -m pytest --config c",
    "pip install --config c",
    "ruff --config pyproject.toml run_train.py",
    "sbatch run_train.sh --config c",
    "bash run_train.sh --config c",
    "./run_train.sh --config c",
    "python other.py --lr 1",
    "python -c 'run_train' --config c",
    "python - <<EOF\nrun_train('--config')\nEOF",
    "cat > config.yaml <<EOF\nrun_train --config c\nEOF",
    "srun hostname",
    "conda env create run_train",
    "apptainer pull run_train --config c",
    "X='run_train --config c'",
    "alias t='run_train --config c'",
    "run_training_data=1",
    '"$@" --config c',
]


@pytest.mark.parametrize("script", TRAINERS)
def test_a_trainer_is_found_behind_its_prefixes(script: str) -> None:
    launcher = read_launcher(script, file="train.sh")

    (command,) = launcher.commands
    assert command.program.raw == TRAINERS[script]
    assert command.words[0].text in ("--config", "--config=c")
    assert {problem.code for problem in launcher.problems} <= {"R113"}  # some start several processes


@pytest.mark.parametrize("script", NO_TRAINERS)
def test_other_commands_are_no_training(script: str) -> None:
    assert read_launcher(script, file="train.sh").commands == ()


def test_several_commands_are_all_found_in_order() -> None:
    script = "run_train --config a\nsrun run_train --config b && run_train --config c\nrun_train --config d\n"

    commands = read_launcher(script, file="train.sh").commands

    assert [command.words[1].text for command in commands] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("xargs -I{} run_train --config {}.yaml --seed 1", ["--config", None, "--seed", "1"]),
        ("xargs -I SEED run_train --config c --seed SEED", ["--config", "c", "--seed", None]),
        ("xargs run_train --config c --seed 1", ["--config", "c", "--seed", "1", None]),
        ("parallel run_train --config c --name w_{} ::: 1 2", ["--config", "c", "--name", None]),
        ("parallel run_train --config c --name {/.} --lr {2} :::: x y", ["--config", "c", "--name", None, "--lr", None]),
        ("parallel run_train --config c --seed ::: 1 2", ["--config", "c", "--seed", None]),
        ("python run_train.py --config c --name {}", ["--config", "c", "--name", "{}"]),
    ],
)  # fmt: skip
def test_what_xargs_and_parallel_put_in_is_unknown(script: str, words: list[str | None]) -> None:
    (command,) = read_launcher(script, file="train.sh").commands

    assert [word.text for word in command.words] == words


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("run_train --config c --seed {{seed}} --lr={{ lr }}", ["--config", "c", "--seed", None, None]),
        ("run_train --config c --name w_{{ job.name | upper }}_1", ["--config", "c", "--name", None]),
        ("run_train --config c --heads '{0: {1: {2: 3}}}'", ["--config", "c", "--heads", "{0: {1: {2: 3}}}"]),
    ],
)
def test_what_a_template_fills_in_is_unknown(script: str, words: list[str | None]) -> None:
    (command,) = read_launcher(script, file="train.sh").commands

    assert [word.text for word in command.words] == words
