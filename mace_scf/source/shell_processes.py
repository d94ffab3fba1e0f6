"""How many processes a command starts of the trainer, and whether they know of each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from mace_scf.diagnostics import Diagnostic, Severity, Span

from .shell_fields import Field
from .shell_findings import Found

_COUNTS = {
    "torchrun": ("--nproc_per_node", "--nproc-per-node", "--nnodes"),
    "accelerate": ("--num_processes", "--num_machines"),
    "srun": ("-n", "--ntasks", "--ntasks-per-node", "--ntasks-per-gpu"),
    "mpirun": ("-n", "-np", "--np", "-ppn", "--ppn"),
}
_ALIKE = {
    "torch.distributed.run": "torchrun", "torch.distributed.launch": "torchrun", "mpiexec": "mpirun",
    "accelerate.commands.launch": "accelerate", "orterun": "mpirun", "mpiexec.hydra": "mpirun",
}  # fmt: skip
_ORDERED = re.compile(
    r"^#SBATCH[ \t]+(?:(?:--ntasks|--ntasks-per-node)[= \t]+|-n[ \t]*)(\d+)[ \t]*(?:#.*)?$", re.MULTILINE
)
_OF_A_PROCESS = re.compile(r"PROCID|LOCALID|RANK")


def alone_beside_each_other(commands: Sequence[Found]) -> Iterator[Diagnostic]:
    """R113: several processes, and no word of the command tells them of each other."""
    places = [_several(found) for found in commands]
    if not all(places):
        return
    for count, span in filter(None, places):
        yield Diagnostic(
            "R113", "processes-alone", Severity.WARNING, f"{count} processes start, and each trains alone", span,
            notes=("without `distributed` no process knows of the others",),
            when="each trains the whole run on all frames, and overwrites the checkpoints of the others",
            help="add `--distributed`, or start one process",
        )  # fmt: skip


def _several(found: Found) -> tuple[str, Span] | None:
    behind = found.fields[found.program + 1 :]
    if any(field.spreads or field.head.startswith("--distr") for field in behind):
        return None
    if any(_OF_A_PROCESS.search(_written(field)) for field in behind):
        return None  # a seed or a name for each process
    before = found.fields[: found.program]
    starter = next((name for name in map(_starter, reversed(before)) if name), "")
    given = list(_given(before, _COUNTS.get(starter, ())))
    if given:
        return next(
            ((number, _span(field)) for number, field in given if number.isdigit() and int(number) > 1), None
        )
    told = not any(field.spreads for field in before)  # `srun $OPTIONS` may say how many
    return _ordered(found) if starter == "srun" and told else None


def _ordered(found: Found) -> tuple[str, Span] | None:
    """What the head of a batch script asks for, which `srun` takes over."""
    root = found.source.root
    matches = (match for match in _ORDERED.finditer(root.text) if int(match[1]) > 1)
    return next(((match[1], root.span_of_root(match.start(1), match.end(1))) for match in matches), None)


def _given(fields: Sequence[Field], options: Sequence[str]) -> Iterator[tuple[str, Field]]:
    """Values of the options, known or not, with the words that hold them."""
    for field, following in zip(fields, [*fields[1:], None], strict=False):
        name, equals, value = (field.text or field.head).partition("=")
        short = next(
            (option for option in options if len(option) == 2 and re.fullmatch(rf"{option}\d+", name)), ""
        )
        if short:
            yield name[2:], field
        elif name in options and equals:
            yield value, field
        elif name in options and following is not None:
            yield following.text or "", following


def _starter(field: Field) -> str:
    name = posixpath.basename(field.text or "")
    name = _ALIKE.get(name, name)
    return name if name in _COUNTS else ""


def _written(field: Field) -> str:
    return field.source.text[field.raw.start : field.raw.end]


def _span(field: Field) -> Span:
    return field.source.span(field.raw.start, field.raw.end)
