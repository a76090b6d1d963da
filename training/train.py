"""Trains a network.

python3 -m training.train --config training/configs/pcb-ymasknet.json --out .runs/pcb-ymasknet --minutes 90

`--steps` in place of `--minutes` gives runs that are to be compared equally many images. `--start models/NAME/VERSION`
goes on from a model package, as for boards of another line. A configuration's `processes` train together, each on batches of its own.
Started again with the same --out a run goes on from the last checkpoint. Writes checkpoint.pt (everything to go on),
ema.pt (averaged weights, configuration and provenance) and log.jsonl.
"""

import argparse
import functools
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from training.data.batches import END_OF_RUN, stream
from training.learning.averaging import MovingAverage
from training.learning.checkpoints import provenance, save_atomically
from training.learning.losses import joint_loss
from training.learning.processes import Processes, run_together
from training.learning.schedule import Budget, learning_rate_factor
from training.learning.unfolding import unfold
from training.packaging.manifest_file import sha256
from training.recipes import recipe_for
from training.recipes.recipe import Batch, Source
from training.reference.manifest import Manifest, load_manifest
from training.reference.weights import from_package

LOG_STEPS = 50
UNFOLDING_BATCHES = 8
"""Batches over which the normalisation of a model package is seen again."""


@dataclass
class Progress:
    """How far a run is; survives a restart."""

    step: int = 0
    seconds: float = 0.0
    """Time spent training, over all restarts."""


def make_optimizer(network: nn.Module, settings: dict) -> torch.optim.Optimizer:
    """AdamW; weight decay on kernels and matrices only, not on biases and normalisation."""
    kernels = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": settings["weight_decay"]}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, settings["learning_rate"], tuple(settings["betas"]), foreach=True)


class Trainer:
    """One run: its state, its steps and what it writes."""

    def __init__(
        self,
        config: dict,
        out: Path,
        budget: Budget,
        device: torch.device = torch.device("cpu"),
        start: Manifest | None = None,
        processes: Processes = Processes(),
    ):
        self._config = config
        self._out = out
        self._budget = budget
        self._device = device
        torch.manual_seed(config["seed"])
        self._recipe = recipe_for(config)
        self._network = self._recipe.network().to(device, memory_format=torch.channels_last)
        self._average = MovingAverage(self._network, config["ema_decay"])
        self._optimizer = make_optimizer(self._network, config["optimizer"])
        self._progress = Progress()
        self._sums: dict[str, float] = defaultdict(float)
        self._summed_steps = 0
        self._source: Source | None = None
        self._start = start
        self._processes = processes
        self._resume()

    def run(self) -> None:
        """Trains until the budget is spent; the last act is to save."""
        config = self._config
        self._source = self._processes.in_turn(lambda: self._recipe.source(self._out))
        if self._start and self._progress.step == 0:
            self._take_over(self._start)
        if self._leads:
            print(f"{self._steps_per_epoch:g} steps an epoch; from step {self._progress.step}", flush=True)
        next_save = self._progress.seconds + config["checkpoint_minutes"] * 60
        last = time.monotonic()
        processes = self._processes
        draws = range(self._progress.step * processes.count + processes.rank, END_OF_RUN, processes.count)
        for batch in stream(self._source, draws, config["workers"]):
            self._step(batch.to(self._device))
            now = time.monotonic()
            # One clock for all processes, so that they end after the same step.
            self._progress.seconds = processes.mean(self._progress.seconds + now - last)
            last = now
            if self._leads and self._progress.step % LOG_STEPS == 0:
                self._log()
            if self._fraction >= 1:
                break
            if self._leads and self._progress.seconds >= next_save:
                self._save()
                next_save += config["checkpoint_minutes"] * 60
        if self._leads:
            self._save()

    def _take_over(self, start: Manifest) -> None:
        """Begins with the weights of a package instead of random ones."""
        folded = from_package(start).to(self._device)
        batches = [self._source[step].to(self._device) for step in range(UNFOLDING_BATCHES)]
        unfold(folded, self._network, lambda network: [self._recipe.losses(network, batch) for batch in batches])
        self._average = MovingAverage(self._network, self._config["ema_decay"])

    @property
    def _leads(self) -> bool:
        return self._processes.rank == 0

    @property
    def _steps_per_epoch(self) -> float:
        return self._source.steps_per_epoch / self._processes.count

    @property
    def _fraction(self) -> float:
        return self._budget.spent(self._progress.step, self._progress.seconds)

    def _step(self, batch: Batch) -> None:
        settings = self._config["optimizer"]
        if self._fraction >= 1 - self._config["views"]["whole_fraction"]:
            # The last steps see what the server will: whole images, whose edges are the edges of the picture.
            self._source.show_whole_images()
        factor = learning_rate_factor(
            self._fraction, self._progress.step, settings["warmup_steps"], settings["final_learning_rate_factor"]
        )
        for group in self._optimizer.param_groups:
            group["lr"] = settings["learning_rate"] * factor

        losses = self._recipe.losses(self._network, batch)
        total = joint_loss(losses, self._config["loss_weights"])
        self._optimizer.zero_grad(set_to_none=True)
        total.backward()
        self._processes.average_gradients(self._network)
        torch.nn.utils.clip_grad_norm_(
            self._network.parameters(), settings["gradient_norm_limit"], error_if_nonfinite=True
        )
        self._optimizer.step()
        self._progress.step += 1
        self._average.update(self._network, self._progress.step)
        for name, value in (losses | {"total": total}).items():
            self._sums[name] += float(value)
        self._summed_steps += 1

    def _log(self) -> None:
        means = {name: round(value / self._summed_steps, 5) for name, value in self._sums.items()}
        self._sums.clear()
        self._summed_steps = 0
        step, minutes = self._progress.step, self._progress.seconds / 60
        left = self._budget.minutes_left(step, self._progress.seconds)
        rate = self._optimizer.param_groups[0]["lr"]
        line = " ".join(f"{name} {value:.4f}" for name, value in means.items())
        epoch = step / self._steps_per_epoch
        print(f"step {step} epoch {epoch:.2f} {minutes:.1f} min, {left:.1f} left, lr {rate:.6f}: {line}", flush=True)
        with open(self._out / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps({"step": step, "minutes": round(minutes, 3), "learning_rate": rate} | means) + "\n")

    def _save(self) -> None:
        progress = self._progress
        save_atomically(
            {
                "network": self._network.state_dict(),
                "average": self._average.network.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "rng": torch.get_rng_state(),
                "step": progress.step,
                "seconds": progress.seconds,
            },
            self._out / "checkpoint.pt",
        )
        minutes = progress.seconds / 60
        origin = provenance(self._config, progress.step, self._steps_per_epoch, minutes)
        if self._start:
            origin["data"] += f"; started from {self._start.reference}, stage 1 {sha256(self._start.stage1)[:16]}"
        save_atomically(
            {"weights": self._average.network.state_dict(), "config": self._config, "provenance": origin},
            self._out / "ema.pt",
        )

    def _resume(self) -> None:
        path = self._out / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self._device)
        self._network.load_state_dict(state["network"])
        self._average.network.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"].cpu())
        self._progress = Progress(state["step"], state["seconds"])


def main() -> None:
    """Trains what the command line names."""
    parser = argparse.ArgumentParser(prog="training.train", description="Trains a network.")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints and logs; goes on if it has one")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="time to train, restarts included")
    length.add_argument("--steps", type=int, help="steps to train, restarts included")
    parser.add_argument("--start", type=Path, help="model package to go on from, models/NAME/VERSION")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()

    config = json.loads(arguments.config.read_text())
    arguments.out.mkdir(parents=True, exist_ok=True)
    work = functools.partial(
        _train,
        config,
        arguments.out,
        Budget(arguments.minutes, arguments.steps),
        torch.device(arguments.device),
        arguments.start,
    )
    run_together(config.get("processes", 1), work)


def _train(
    config: dict, out: Path, budget: Budget, device: torch.device, start: Path | None, processes: Processes
) -> None:
    torch.set_num_threads(config["threads"])
    Trainer(config, out, budget, device, load_manifest(start) if start else None, processes).run()


if __name__ == "__main__":
    main()
