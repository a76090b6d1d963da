"""Trains Y-MaskNet.

python3 -m training.train --config training/configs/pcb-ymasknet.json --out .runs/pcb-ymasknet --minutes 90

Started again with the same --out it goes on from the last checkpoint. Writes checkpoint.pt (everything to go on),
ema.pt (averaged weights, configuration and provenance) and log.jsonl.
"""

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from training.averaging import MovingAverage
from training.checkpoints import provenance, save_atomically
from training.data.augmentation import Augmentation
from training.data.batches import Batch, BatchSource, stream
from training.data.deeppcb import dataset_root, load_boards
from training.data.layouts import generated_layouts
from training.data.shapes import harvest
from training.losses import detection_losses, joint_loss, refinement_losses
from training.mask_targets import mask_targets
from training.networks.boxes import encode_deltas
from training.networks.ymasknet import MASK_SIZE, Stage1Output, Stage2Output, YMaskNet, region_features
from training.roi_sampling import best_proposals, sample_regions
from training.schedule import learning_rate_factor

LOG_STEPS = 50


@dataclass
class Progress:
    """How far a run is; survives a restart."""

    step: int = 0
    seconds: float = 0.0
    """Time spent training, over all restarts."""


def compute_losses(network: YMaskNet, batch: Batch, config: dict) -> dict[str, Tensor]:
    """One forward pass through both stages: every loss by name, unweighted."""
    targets, regions_config = batch.targets, config["regions"]
    height, width = batch.images.shape[2:]
    images = batch.images.contiguous(memory_format=torch.channels_last)
    with mixed_precision(config):
        stage1 = network.stage1(images)
    stage1 = Stage1Output([head.float() for head in stage1.heads], stage1.features.float())
    losses = detection_losses(network.stage1, stage1.heads, targets, config["assignment_ratio"])

    proposals = best_proposals(network.stage1, stage1.heads, regions_config["proposals"], height, width)
    samples = sample_regions(
        proposals, targets, regions_config["positives"], regions_config["negatives"], height, width
    )
    if len(samples.target) == 0:
        return losses
    regions = samples.regions
    features = region_features(stage1.features.contiguous(), batch.images, regions)
    with mixed_precision(config):
        stage2 = network.stage2(features.contiguous(memory_format=torch.channels_last))
    stage2 = Stage2Output(*(output.float() for output in stage2))

    background = len(config["network"]["classes"])
    positive = samples.target >= 0
    owner = samples.target[positive]
    classes = torch.full_like(samples.target, background)
    classes[positive] = targets.classes[owner]
    masks = mask_targets(batch.label_maps, regions[positive], targets.instance[owner], MASK_SIZE)
    deltas = encode_deltas(regions[positive, 1:], targets.boxes[owner])
    return losses | refinement_losses(stage2, classes, masks, deltas)


def mixed_precision(config: dict) -> torch.autocast:
    """The context that the networks run in: bfloat16 where the configuration says so, for their convolutions alone."""
    return torch.autocast("cpu", torch.bfloat16, enabled=config.get("precision") == "bfloat16")


def make_optimizer(network: YMaskNet, settings: dict) -> torch.optim.Optimizer:
    """AdamW; weight decay on kernels and matrices only, not on biases and normalisation."""
    kernels = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": settings["weight_decay"]}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, settings["learning_rate"], tuple(settings["betas"]), foreach=True)


class Trainer:
    """One run: its state, its steps and what it writes."""

    def __init__(self, config: dict, out: Path, minutes: float):
        self._config = config
        self._out = out
        self._budget_seconds = minutes * 60
        torch.manual_seed(config["seed"])
        self._network = YMaskNet.from_config(config["network"]).to(memory_format=torch.channels_last)
        self._average = MovingAverage(self._network, config["ema_decay"])
        self._optimizer = make_optimizer(self._network, config["optimizer"])
        self._progress = Progress()
        self._sums: dict[str, float] = defaultdict(float)
        self._summed_steps = 0
        self._source: BatchSource | None = None
        self._resume()

    def run(self) -> None:
        """Trains until the budget is spent; the last act is to save."""
        config = self._config
        boards = load_boards(dataset_root(), "train")
        print(f"{len(boards)} boards; from step {self._progress.step}", flush=True)
        layouts = generated_layouts(config.get("generated_layouts", 0), self._out / "layouts.npy", config["threads"])
        self._source = BatchSource(
            boards + layouts,
            Augmentation(**config["augmentation"]),
            config["views"]["sizes"],
            config["optimizer"]["batch_size"],
            config["seed"],
            harvest(boards) if config.get("real_shapes") else None,
        )
        next_save = self._progress.seconds + config["checkpoint_minutes"] * 60
        last = time.monotonic()
        for batch in stream(self._source, self._progress.step, config["workers"]):
            self._step(batch)
            now = time.monotonic()
            self._progress.seconds += now - last
            last = now
            if self._progress.step % LOG_STEPS == 0:
                self._log()
            if self._fraction >= 1:
                break
            if self._progress.seconds >= next_save:
                self._save()
                next_save += config["checkpoint_minutes"] * 60
        self._save()

    @property
    def _fraction(self) -> float:
        return self._progress.seconds / self._budget_seconds

    def _step(self, batch: Batch) -> None:
        settings = self._config["optimizer"]
        if self._fraction >= 1 - self._config["views"]["full_board_fraction"]:
            # The last steps see what the server will: whole boards, whose edges are the edges of the picture.
            self._source.show_full_boards()
        factor = learning_rate_factor(
            self._fraction, self._progress.step, settings["warmup_steps"], settings["final_learning_rate_factor"]
        )
        for group in self._optimizer.param_groups:
            group["lr"] = settings["learning_rate"] * factor

        losses = compute_losses(self._network, batch, self._config)
        total = joint_loss(losses, self._config["loss_weights"])
        self._optimizer.zero_grad(set_to_none=True)
        total.backward()
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
        left = max(0.0, self._budget_seconds / 60 - minutes)
        rate = self._optimizer.param_groups[0]["lr"]
        line = " ".join(f"{name} {value:.4f}" for name, value in means.items())
        epoch = step / self._source.steps_per_epoch
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
        origin = provenance(self._config, progress.step, self._source.steps_per_epoch, minutes)
        save_atomically(
            {"weights": self._average.network.state_dict(), "config": self._config, "provenance": origin},
            self._out / "ema.pt",
        )

    def _resume(self) -> None:
        path = self._out / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path)
        self._network.load_state_dict(state["network"])
        self._average.network.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"])
        self._progress = Progress(state["step"], state["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains Y-MaskNet.")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints and logs; goes on if it has one")
    parser.add_argument("--minutes", type=float, required=True, help="time to train, restarts included")
    arguments = parser.parse_args()

    config = json.loads(arguments.config.read_text())
    torch.set_num_threads(config["threads"])
    arguments.out.mkdir(parents=True, exist_ok=True)
    Trainer(config, arguments.out, arguments.minutes).run()


if __name__ == "__main__":
    main()
