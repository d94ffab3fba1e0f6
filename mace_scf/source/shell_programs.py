"""Which word of a command names the trainer, behind `srun`, `torchrun`, `conda run`, `python -m` and the like."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

import attrs

from .shell_expand import Field

_PYTHON = re.compile(r"(?:python|pypy)\d*(?:\.\d+)*[a-z]*\Z")
_OWN = frozenset(["mace-scf", "mace_scf"])
_SHELLS = frozenset("bash sh dash zsh ksh".split())
_SHELL_FILE = re.compile(r".*\.(?:sh|bash|sbatch|slurm|job|pbs|csh|zsh)\Z")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_NO_TRAINERS = frozenset(
    """[ [[ : alias apt apt-get awk black brew cargo cat check-jsonschema cmake conda cp curl cd declare
    diff docker doxygen dvc echo eval export find flake8 gcloud git grep helm isort jq jupyter kubectl less ls
    make mamba meson micromamba mkdir module mv mypy ninja nextflow npm npx pip pip3 pkg-config podman
    pre-commit printf pylint pytest rclone read rm rsync ruff sacct salloc sbatch scancel scontrol scp sed set
    snakemake source sphinx-build sqlfluff squeue ssh sudo tail tar tee test tmux touch trap tree-sitter ulimit
    unset unzip vim wandb wget which yamllint zip""".split()
)
_PYTHON_LAUNCHERS = {
    "torch.distributed.run": "torchrun",
    "torch.distributed.launch": "torchrun",
    "accelerate.commands.launch": "accelerate-launch",
    "cProfile": "cprofile",
    "pdb": "pdb",
    "coverage": "coverage",
}


@attrs.frozen
class Prefix:
    """A program that runs the program named in its own arguments.

    Attributes:
        verbs: sub-commands that do so; empty when there are none.
        valued: options whose value is a word of its own.
        switches: options without a value.
        operands: number of words between the options and the program.
        moves: options that change the folder of the program.
    """

    verbs: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    operands: int = 0
    moves: frozenset[str] = frozenset()


def _prefix(
    verbs: str = "", valued: str = "", switches: str = "", operands: int = 0, moves: str = ""
) -> Prefix:
    sets = [frozenset(words.split()) for words in (verbs, f"{valued} {moves}", switches)]
    return Prefix(sets[0], sets[1], sets[2], operands, frozenset(moves.split()))


_TORCHRUN = _prefix(
    valued="--nproc_per_node --nproc-per-node --nnodes --node_rank --node-rank --master_addr --master-addr"
    " --master_port --master-port --rdzv_backend --rdzv-backend --rdzv_endpoint --rdzv-endpoint --rdzv_id"
    " --rdzv-id --rdzv_conf --rdzv-conf --max_restarts --max-restarts --monitor_interval --log_dir --log-dir"
    " --role --start_method -r -t --redirects --tee --local_addr --local-addr",
    switches="--standalone -m --module --no_python --no-python --use_env --use-env --run_path --run-path",
)
_ACCELERATE = _prefix(
    valued="--num_processes --num_machines --machine_rank --main_process_ip --main_process_port --config_file"
    " --mixed_precision --num_cpu_threads_per_process --gpu_ids --dynamo_backend",
    switches="--multi_gpu --cpu --tpu --use_deepspeed --use_fsdp --quiet -q -m --module --no_python --debug"
    " --same_network --use_xpu --ipex",
)
_MPI = _prefix(
    valued="-n -np --np -c -N -ppn -x -H --host --hosts -hosts --hostfile -hostfile -machinefile --machinefile -f"
    " --map-by -map-by --bind-to -bind-to --rank-by --rankfile -genvlist -envlist --report-bindings-file -d --cc"
    " --depth --ppn --cpu-bind --pernode-n",
    switches="--oversubscribe --allow-run-as-root --report-bindings --tag-output --display-map --use-hwthread-cpus"
    " -v --verbose -q -l -prepend-rank --nooversubscribe --pernode",
    moves="-wdir --wdir -wd",
)
_CONTAINER = _prefix(
    "exec run",
    valued="-B --bind --env --env-file -H --home -W --workdir -o --overlay -S --scratch --mount --network --app"
    " --security -w-dir --add-caps --drop-caps --dns --hostname --fusemount --apply-cgroups",
    switches="--nv --rocm --nvccli -e --cleanenv -c --contain -C --containall --writable-tmpfs --no-home -f --fakeroot"
    " -p --pid -i --ipc -u --userns -n --net --no-init -w --writable --compat --no-privs --uts --no-umask -q -s -d",
    operands=1,
    moves="--pwd --cwd",
)
_DOCKER = _prefix(
    "run exec",
    valued="-v --volume -e --env --env-file --name --gpus --network --net --user -u --shm-size --ipc --mount --device"
    " --entrypoint --memory -m --cpus --hostname --ulimit --runtime --platform --security-opt --label -l -p",
    switches="--rm -it -i -t -ti -d --detach --init --privileged --interactive --tty --read-only --no-healthcheck",
    operands=1,
    moves="-w --workdir",
)
_CONDA = _prefix(
    "run",
    valued="-n --name -p --prefix -e --env -a --attach -r --root-prefix",
    switches="--no-capture-output --live-stream -v --verbose --debug-wrapper-scripts --dev --clean-env --detach -d -q",
    moves="--cwd",
)
_SRUN = _prefix(
    valued="-n --ntasks -N --nodes -c --cpus-per-task -G --gpus --gres --gpus-per-task --gpus-per-node --ntasks-per-node"
    " -J --job-name -p --partition -A --account -q --qos -t --time --mem --mem-per-cpu --mem-per-gpu -w --nodelist -x"
    " --exclude -o --output -e --error -i --input -m --distribution --cpu-bind --gpu-bind --mem-bind --mpi --export -C --constraint"
    " --container-image --container-mounts --jobid -d --dependency -M --clusters --reservation --signal --hint --propagate"
    " --ntasks-per-gpu --ntasks-per-socket --ntasks-per-core --cpus-per-gpu --threads-per-core -S --core-spec --comment"
    " --mail-type --mail-user --network --open-mode --switches --task-epilog --task-prolog --tmp --wait -W --het-group",
    switches="--exclusive --unbuffered -u --label -l --pty --exact --overlap --verbose -v -vv -Q --quiet"
    " --kill-on-bad-exit -K -Z --no-allocate -O --overcommit -s --oversubscribe -X --disable-status -k --no-kill"
    " --contiguous --spread-job --whole --multi-prog --container-mount-home --no-container-mount-home",
    moves="-D --chdir --container-workdir",
)
_RUNNER = _prefix(
    "run",
    valued="--with --python -p --extra --group --env-file --project --package -e --environment -C -f --frozen-file",
    switches="--no-sync --frozen --locked --isolated --no-project -q -v --active --no-install --offline --all-extras -m",
    moves="--directory --manifest-path --cwd",
)
_PREFIXES = {
    "env": _prefix(valued="-u --unset", switches="-i --ignore-environment -", moves="-C --chdir"),
    "time": _prefix(valued="-f --format -o --output", switches="-p -v --verbose -a"),
    "nohup": Prefix(),
    "setsid": _prefix(switches="-c -f -w --fork --wait --ctty"),
    "exec": _prefix(valued="-a", switches="-c -l"),
    "command": _prefix(switches="-p"),
    "builtin": Prefix(),
    "nice": _prefix(valued="-n --adjustment"),
    "ionice": _prefix(valued="-c -n --class --classdata", switches="-t"),
    "chrt": _prefix(switches="-b -i -o -f -r", operands=1),
    "timeout": _prefix(
        valued="-k --kill-after -s --signal", switches="--foreground --preserve-status -v", operands=1
    ),
    "stdbuf": _prefix(valued="-i -o -e --input --output --error"),
    "unbuffer": _prefix(switches="-p"),
    "taskset": _prefix(switches="-c --cpu-list -a -ac", operands=1),
    "numactl": _prefix(
        valued="-N -m -C -i -p --cpunodebind --membind --physcpubind --interleave", switches="-l"
    ),
    "xvfb-run": _prefix(valued="-n -s -e -f", switches="-a --auto-servernum"),
    "strace": _prefix(valued="-e -o -p", switches="-f -c -ff"),
    "nsys": _prefix("profile", valued="-o -t --trace --output -c --capture-range", switches="-f"),
    "coverage": _prefix(
        "run", valued="--source --rcfile --omit --include", switches="-a -p -m --parallel-mode --branch"
    ),
    "kernprof": _prefix(valued="-o --outfile", switches="-l -v -b -lv"),
    "srun": _SRUN,
    "mpirun": _MPI,
    "mpiexec": _MPI,
    "mpiexec.hydra": _MPI,
    "orterun": _MPI,
    "prun": _MPI,
    "aprun": _MPI,
    "ibrun": _MPI,
    "jsrun": _prefix(
        valued="-n -a -c -g -r -l -d -b -p -E --bind --smpiargs --nrs --tasks_per_rs --cpu_per_rs"
    ),
    "flux": _prefix("run submit", valued="-n -N -c -g -t --ntasks --nodes --cores-per-task --gpus-per-task"),
    "torchrun": _TORCHRUN,
    "accelerate": attrs.evolve(_ACCELERATE, verbs=frozenset(["launch"])),
    "accelerate-launch": _ACCELERATE,
    "deepspeed": _prefix(
        valued="--num_gpus --num_nodes --hostfile --include --exclude --master_port --master_addr --launcher -i -e",
        switches="--no_local_rank --no_python --module --no_ssh",
    ),
    "conda": _CONDA,
    "mamba": _CONDA,
    "micromamba": _CONDA,
    "apptainer": _CONTAINER,
    "singularity": _CONTAINER,
    "docker": _DOCKER,
    "podman": _DOCKER,
    "podman-hpc": _DOCKER,
    "shifter": _prefix(valued="-i --image -V --volume -e --env -m --module", moves="-w --workdir"),
    "uv": _RUNNER,
    "poetry": _RUNNER,
    "pixi": _RUNNER,
    "pdm": _RUNNER,
    "hatch": _RUNNER,
    "pipenv": _RUNNER,
    "cprofile": _prefix(valued="-o -s", switches="-m"),
    "pdb": _prefix(valued="-c", switches="-m"),
}
_PYTHON_OPTIONS = _prefix(valued="-W -X --check-hash-based-pycs", switches="-m -")


@attrs.frozen
class Program:
    """Where the trainer stands in a command.

    Attributes:
        index: of the word that names it.
        moved: an option in front of it changes the folder.
    """

    index: int
    moved: bool = False


@attrs.frozen
class Inner:
    """A word that holds shell text of its own: ``bash -c "..."``, ``sbatch --wrap "..."``.

    Attributes:
        index: of the word.
        skip: characters of the word in front of the text (``--wrap=``).
        arguments: index of the words that become ``$0``, ``$1``, ... in it.
    """

    index: int
    skip: int = 0
    arguments: int | None = None


@attrs.frozen
class Fed:
    """A shell that reads its script from standard input."""


def find_program(fields: Sequence[Field]) -> Program | Inner | Fed | None:
    """What the command runs, if that is a trainer or shell text that may hold one."""
    index, moved = 0, False
    while index < len(fields):
        field = fields[index]
        name = _name(field)
        if name is None:
            following = _next_program(fields, index + 1)
            if following is None:
                return Program(index, moved) if _is_unknown_trainer(fields, index) else None
            index = following
        elif is_trainer(field):
            return Program(index, moved)
        elif name in _SHELLS:
            return _shell(fields, index + 1)
        elif name == "sbatch":
            return _wrapped(fields, index + 1)
        elif _PYTHON.match(name):
            index = _script(fields, index + 1)
            if index < len(fields) and (launcher := _PYTHON_LAUNCHERS.get(fields[index].text or "")):
                index, moved = _skip_options(fields, index + 1, _PREFIXES[launcher], moved)
            return _python_program(fields, index, moved)
        elif name in _PREFIXES:
            following = _behind_verb(fields, index + 1, _PREFIXES[name])
            if following is None:
                return None
            index, moved = _skip_options(fields, following, _PREFIXES[name], moved)
        else:
            usable = name not in _NO_TRAINERS | _OWN and not _SHELL_FILE.match(name)
            return Program(index, moved) if usable and has_config(fields[index + 1 :]) else None
    return None


def is_trainer(field: Field) -> bool:
    """Whether the name alone says that it is the trainer."""
    last = field.tail if field.text is None else field.text
    name = posixpath.basename(last)
    return ("run_train" in name and not _SHELL_FILE.match(name)) or name == "mace_scf_train"


def has_config(fields: Sequence[Field]) -> bool:
    """Whether the words hold ``--config``."""
    return any(field.text == "--config" or field.head.startswith("--config=") for field in fields)


def _name(field: Field) -> str | None:
    """The program's name without its folder; ``None`` when unknown."""
    if field.text is not None:
        return posixpath.basename(field.text)
    tail = "" if field.spreads and "/" not in field.tail else field.tail
    return posixpath.basename(tail) if "/" in tail or "run_train" in tail else None


def _looks_like_program(field: Field) -> bool:
    name = _name(field)
    if name is None:
        return False
    known = bool(_PYTHON.match(name)) or name in _PREFIXES or name in _SHELLS
    return known or is_trainer(field) or name.endswith(".py")


def _next_program(fields: Sequence[Field], index: int) -> int | None:
    return next((k for k in range(index, len(fields)) if _looks_like_program(fields[k])), None)


def _is_unknown_trainer(fields: Sequence[Field], index: int) -> bool:
    return not fields[index].spreads and has_config(fields[index + 1 :])


def _python_program(fields: Sequence[Field], index: int, moved: bool) -> Program | None:
    if index >= len(fields):
        return None
    field = fields[index]
    name = _name(field)
    if is_trainer(field):
        return Program(index, moved)
    usable = name is None or (name not in _NO_TRAINERS | _OWN and not name.startswith("-"))
    if field.spreads and name is None:
        following = _next_program(fields, index + 1)
        return _python_program(fields, following, moved) if following is not None else None
    return Program(index, moved) if usable and has_config(fields[index + 1 :]) else None


def _script(fields: Sequence[Field], index: int) -> int:
    """Index of the script or module behind `python`; the number of words for `python -c`."""
    while index < len(fields):
        text = fields[index].text
        if text is None and fields[index].head.startswith("-"):
            index += 1
        elif text is None or not text.startswith("-") or text == "-":
            return index
        elif text.startswith("-c"):
            return len(fields)
        else:
            index += 2 if text in _PYTHON_OPTIONS.valued else 1
    return index


def _behind_verb(fields: Sequence[Field], index: int, prefix: Prefix) -> int | None:
    if not prefix.verbs:
        return index
    while index < len(fields) and (fields[index].text or "").startswith("-"):
        index += 1
    return index + 1 if index < len(fields) and fields[index].text in prefix.verbs else None


def _skip_options(fields: Sequence[Field], index: int, prefix: Prefix, moved: bool) -> tuple[int, bool]:
    """Index of the program behind a prefix's options, operands and assignments."""
    operands = prefix.operands
    while index < len(fields):
        field = fields[index]
        text = field.text if field.text is not None else field.head
        if text.split("=")[0] in prefix.moves:
            moved = True
        if text == "--":
            index += 1
            if not operands:
                break
        elif text.startswith("-"):
            index += _option_width(fields, index, text, prefix)
        elif (field.text is None and field.spreads) or (prefix is _PREFIXES["env"] and _ASSIGNED.match(text)):
            index += 1
        elif operands:
            operands -= 1
            index += 1
        else:
            break
    return index, moved


def _option_width(fields: Sequence[Field], index: int, text: str, prefix: Prefix) -> int:
    if text in prefix.switches or (text.startswith("--") and "=" in text):
        return 1
    if text in prefix.valued:
        return 2
    following = fields[index + 1] if index + 1 < len(fields) else None
    if following is None or fields[index].text is None or text[:2] in prefix.valued:
        return 1
    return 1 if _looks_like_program(following) or following.head.startswith("-") else 2


def _shell(fields: Sequence[Field], index: int) -> Inner | Fed | None:
    while index < len(fields):
        text = fields[index].text
        if text is None:
            return None
        if text in ("-o", "-O", "+o", "--rcfile", "--init-file"):
            index += 2
        elif not text.startswith(("-", "+")):
            return None
        elif not text.startswith("--") and "c" in text:
            return Inner(index + 1, 0, index + 2) if index + 1 < len(fields) else None
        elif text == "-s":
            return Fed()
        else:
            index += 1
    return Fed()


def _wrapped(fields: Sequence[Field], index: int) -> Inner | Fed | None:
    """``sbatch --wrap``; without it, a here-document may hold the script."""
    for k in range(index, len(fields)):
        text = fields[k].text or fields[k].head
        if text.startswith("--wrap="):
            return Inner(k, len("--wrap="))
        if text == "--wrap":
            return Inner(k + 1) if k + 1 < len(fields) else None
    return Fed()
