"""Programs that run the program named in their own arguments, such as `srun` or `conda run`.

An option that is not listed takes the next word as its value, unless that looks like an option or a program.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class Prefix:
    """How to get from such a program's name to the program that it runs.

    Attributes:
        verbs: sub-commands that run a program; empty when there are none.
        valued: options whose value is a word of its own.
        paired: options with two words of their own.
        switches: options without a value.
        operands: number of words between the options and the program.
        moves: options, with a value, that change the folder of the program.
        assignments: ``NAME=value`` may stand in front of the program.
    """

    verbs: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    paired: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    operands: int = 0
    moves: frozenset[str] = frozenset()
    assignments: bool = False


def _prefix(
    verbs: str = "",
    *,
    valued: str = "",
    paired: str = "",
    switches: str = "",
    moves: str = "",
    operands: int = 0,
    assignments: bool = False,
) -> Prefix:
    return Prefix(
        verbs=frozenset(verbs.split()),
        valued=frozenset(valued.split()) | frozenset(moves.split()),
        paired=frozenset(paired.split()),
        switches=frozenset(switches.split()),
        operands=operands,
        moves=frozenset(moves.split()),
        assignments=assignments,
    )


_TORCHRUN = _prefix(
    valued="""--nproc_per_node --nproc-per-node --nnodes --node_rank --node-rank --master_addr
    --master-addr --master_port --master-port --rdzv_backend --rdzv-backend --rdzv_endpoint
    --rdzv-endpoint --rdzv_id --rdzv-id --rdzv_conf --rdzv-conf --max_restarts --max-restarts
    --monitor_interval --monitor-interval --log_dir --log-dir --role --start_method --start-method -r -t
    --redirects --tee --local_addr --local-addr""",
    switches="""--standalone -m --module --no_python --no-python --use_env --use-env --run_path
    --run-path""",
)
_ACCELERATE = _prefix(
    valued="""--num_processes --num_machines --machine_rank --main_process_ip --main_process_port
    --config_file --mixed_precision --num_cpu_threads_per_process --gpu_ids --dynamo_backend""",
    switches="""--multi_gpu --cpu --tpu --use_deepspeed --use_fsdp --use_xpu --ipex --same_network
    --quiet -q -m --module --no_python --debug""",
)
_MPI = _prefix(
    valued="""-n -np --np -c -N -ppn --ppn -x -H --host --hosts -host -hosts --hostfile -hostfile
    --machinefile -machinefile -f --map-by -map-by --bind-to -bind-to --rank-by --rankfile -genvlist
    -envlist -d --depth --cc --cpu-bind""",
    switches="""--oversubscribe --nooversubscribe --allow-run-as-root --report-bindings --tag-output
    --display-map --use-hwthread-cpus -v --verbose -q -l -prepend-rank --pernode""",
    paired="--mca -mca --gmca -gmca -env -genv --prtemca",
    moves="-wdir --wdir -wd",
)
_CONTAINER = _prefix(
    "exec run",
    valued="""-B --bind --env --env-file -H --home -W --workdir -o --overlay -S --scratch --mount
    --network --app --security --add-caps --drop-caps --dns --hostname --fusemount --apply-cgroups""",
    switches="""--nv --rocm --nvccli -e --cleanenv -c --contain -C --containall --writable-tmpfs -w
    --writable --no-home -f --fakeroot -p --pid -i --ipc -u --userns -n --net --no-init --compat
    --no-privs --uts --no-umask -q -s -d""",
    moves="--pwd --cwd",
    operands=1,
)
_DOCKER = _prefix(
    "run exec",
    valued="""-v --volume -e --env --env-file --name --gpus --network --net --user -u --shm-size --ipc
    --mount --device --entrypoint --memory -m --cpus --hostname --ulimit --runtime --platform
    --security-opt --label -l -p --publish""",
    switches="--rm -it -i -t -ti -d --detach --init --privileged --interactive --tty --read-only",
    moves="-w --workdir",
    operands=1,
)
_CONDA = _prefix(
    "run",
    valued="-n --name -p --prefix -e --env -a --attach -r --root-prefix",
    switches="""--no-capture-output --live-stream -v --verbose --debug-wrapper-scripts --dev --clean-env
    --detach -d -q""",
    moves="--cwd",
)
_SRUN = _prefix(
    valued="""-n --ntasks -N --nodes -c --cpus-per-task -G --gpus --gres --gpus-per-task --gpus-per-node
    --ntasks-per-node --ntasks-per-gpu --ntasks-per-socket --ntasks-per-core --cpus-per-gpu
    --threads-per-core -J --job-name -p --partition -A --account -q --qos -t --time --mem --mem-per-cpu
    --mem-per-gpu -w --nodelist -x --exclude -o --output -e --error -i --input -m --distribution
    --cpu-bind --gpu-bind --mem-bind --mpi --export -C --constraint --container-image --container-mounts
    --container-name --jobid -d --dependency -M --clusters --reservation --signal --hint --propagate -S
    --core-spec --comment --mail-type --mail-user --network --open-mode --switches --task-epilog
    --task-prolog --tmp --wait -W --het-group""",
    switches="""--exclusive --unbuffered -u --label -l --pty --exact --overlap --verbose -v -vv -Q
    --quiet --kill-on-bad-exit -K -Z --no-allocate -O --overcommit -s --oversubscribe -X
    --disable-status -k --no-kill --contiguous --spread-job --whole --container-mount-home
    --no-container-mount-home""",
    moves="-D --chdir --container-workdir",
)
_RUNNER = _prefix(
    "run",
    valued="""--with --python -p --extra --group --env-file --project --package -e --environment -C -f""",
    switches="""--no-sync --frozen --locked --isolated --no-project -q -v --active --offline
    --all-extras -m""",
    moves="--directory --manifest-path --cwd",
)

PREFIXES = {
    "env": _prefix(
        valued="-u --unset", switches="-i --ignore-environment -", moves="-C --chdir", assignments=True
    ),
    "time": _prefix(valued="-f --format -o --output", switches="-p -v --verbose -a"),
    "nohup": Prefix(),
    "sudo": _prefix(
        valued="-u --user -g --group -p --prompt -C -r -t",
        switches="-E -H -n -i -s -A -b --preserve-env --set-home --non-interactive --login",
        moves="-D --chdir",
        assignments=True,
    ),
    "flock": _prefix(
        valued="-w --wait --timeout -E --conflict-exit-code",
        switches="-n --nb --nonblock -x -e --exclusive -s --shared -o --close -F --no-fork --verbose",
        operands=1,
    ),
    "watch": _prefix(valued="-n --interval", switches="-d -t -b -e -g -c -x --differences --no-title"),
    "xargs": _prefix(
        valued="""-P --max-procs -I -n --max-args -L --max-lines -a --arg-file -d --delimiter -s
        --max-chars -E""",
        switches="-0 --null -r --no-run-if-empty -t --verbose -p --interactive -x --exit -i --replace -o",
    ),
    "parallel": _prefix(
        valued="""-j --jobs -P --max-procs -a --arg-file -C --colsep --joblog --results --delay -S
        --sshlogin --sshloginfile -N -n --tmpdir --retries --memfree --load --timeout --halt --wd
        --workdir --env -I --header -d --delimiter""",
        switches="""--bar --progress --eta --verbose -v -t --dry-run --dryrun --resume --resume-failed
        --line-buffer --linebuffer --lb --ungroup -u --keep-order -k --will-cite --no-notice --link --xapply -0
        --null -r --no-run-if-empty --tag -q --quote -m -X --group""",
    ),
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
    "deepspeed": _prefix(
        valued="""--num_gpus --num_nodes --hostfile --include --exclude --master_port --master_addr
        --launcher -i -e""",
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
}

# `python -m NAME` that runs a script or module of its own arguments.
MODULES = {
    "torch.distributed.run": _TORCHRUN,
    "torch.distributed.launch": _TORCHRUN,
    "accelerate.commands.launch": _ACCELERATE,
    "cProfile": _prefix(valued="-o -s", switches="-m"),
    "pdb": _prefix(valued="-c", switches="-m"),
    "coverage": PREFIXES["coverage"],
}
PYTHON = _prefix(valued="-W -X --check-hash-based-pycs")
