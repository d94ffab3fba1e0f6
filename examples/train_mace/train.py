"""Trains a model of mace-torch in the stages of a config, with mace-scf's engine as the loss.

`python train.py config.yaml --out runs`: the config is checked, each stage of it becomes an engine, and the loop
around the engine is an ordinary one. Models and data are made in `parts.py`.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from parts import build_model, load_batches
from rich.console import Console

import mace_scf
from mace_scf.logs import read_log
from mace_scf.loss import Breakdown, LossEngine, LossRecorder, StreamingEvaluation
from mace_scf.plot import collect, losses_figure, save_figure
from mace_scf.render.text import render_text

LOGGER = logging.getLogger("train_mace")


def main(words: Sequence[str] | None = None) -> int:
    """Train as a config says; records, log and picture go to the folder OUT."""
    parser = argparse.ArgumentParser(description="Train a model of mace-torch with mace-scf's loss engine.")
    parser.add_argument("config", type=Path, nargs="?", default=Path(__file__).with_name("config.yaml"))
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of records, log and picture")
    parser.add_argument("--epochs", type=int, help="of each stage, instead of what the config says")
    arguments = parser.parse_args(words)
    report = mace_scf.validate(arguments.config, complete=True)
    print(render_text(report, {}), end="")
    if report.ok:
        train(arguments.config, report.stages, arguments.out, arguments.epochs)
    return 0 if report.ok else 1


def train(
    config: Path, stages: Sequence[mace_scf.ValidatedStage], out: Path, epochs: int | None = None
) -> Path:
    """Train one stage after the other; returns the path of the records."""
    settings = {name: each.value for name, each in stages[0].settings.items() if each.known}
    out.mkdir(parents=True, exist_ok=True)
    log, records, picture = (out / f"{settings['name']}{end}" for end in ("_debug.log", ".jsonl", ".png"))
    open_log(log)
    records.unlink(missing_ok=True)  # a new training: nothing of an earlier one is continued
    torch.manual_seed(settings["seed"])
    torch.set_default_dtype(getattr(torch, settings["default_dtype"]))
    batches = load_batches(config, settings, stages[0].heads)
    loop = Loop(build_model(settings, batches["train"]), batches, settings["clip_grad"], count())
    for stage in stages:
        loop.run_stage(stage, stage.schedule.epochs[:epochs], records)
    save_figure(losses_figure(collect(read_log(records)), title=settings["name"]), picture)
    return records


@dataclass
class Loop:
    """What the stages of a run have in common."""

    model: torch.nn.Module
    batches: Mapping[str, Iterable[Any]]
    clip_grad: float
    steps: Iterator[int]

    def run_stage(self, stage: mace_scf.ValidatedStage, epochs: range, records: Path) -> None:
        """Train one stage and show what its terms weigh in the end."""
        engine = LossEngine.from_stage(stage)
        optimizer = torch.optim.Adam(self.model.parameters(), lr=stage.schedule.lr)
        LOGGER.info("Stage %s: %r", stage.name, engine)
        with LossRecorder(records, stage=stage.name, logger=LOGGER) as recorder:
            for epoch in epochs:
                for batch in self.batches["train"]:
                    breakdown = self.step(engine, optimizer, batch)
                    recorder.record(breakdown, step=next(self.steps), epoch=epoch)
                recorder.flush()
                self.tell(epoch, engine)
        Console(highlight=False).print(breakdown.view(f"stage {stage.name}, last batch"))

    def step(self, engine: LossEngine, optimizer: torch.optim.Optimizer, batch: Any) -> Breakdown:
        """One step of the optimizer."""
        breakdown = engine(batch, predict(self.model, batch, engine, training=True))
        optimizer.zero_grad()
        breakdown.total.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_grad)
        optimizer.step()
        return breakdown

    def tell(self, epoch: int, engine: LossEngine) -> None:
        """Log the errors over the validation set."""
        evaluation = StreamingEvaluation(engine)
        for batch in self.batches["valid"]:
            evaluation.update(batch, predict(self.model, batch, engine, training=False))
        errors = ", ".join(f"rmse {name}={term.rmse:.4g}" for name, term in evaluation.results().items())
        LOGGER.info("Epoch %d: loss=%.4f, %s", epoch, evaluation.total, errors)


def predict(model: torch.nn.Module, batch: Any, engine: LossEngine, *, training: bool) -> dict[str, Any]:
    """The model's output, with derivatives of the energy where a term reads them."""
    read = {key for term in engine.terms for key in term.predictions}
    output: dict[str, Any] = model(
        batch.to_dict(), training=training, compute_force="forces" in read, compute_stress="stress" in read
    )
    return output


def open_log(path: Path) -> None:
    """Everything to the file, epochs to the terminal, too."""
    for earlier in LOGGER.handlers:
        earlier.close()
    file, terminal = logging.FileHandler(path, "w", encoding="utf-8"), logging.StreamHandler(sys.stdout)
    file.setFormatter(
        logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    terminal.setLevel(logging.INFO)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.handlers[:] = [file, terminal]


if __name__ == "__main__":
    sys.exit(main())
