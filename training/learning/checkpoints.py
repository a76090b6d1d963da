"""What a run writes: a checkpoint to go on from, and the averaged weights with where they come from."""

import os
from pathlib import Path

import torch


def save_atomically(content: dict, path: Path) -> None:
    """Writes beside the file and then renames, so that a reader never meets half a file."""
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    os.replace(temporary, path)


def cpu_model() -> str:
    """The processor's name as Linux gives it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def provenance(config: dict, step: int, steps_per_epoch: float, minutes: float) -> dict:
    """Where weights come from: enough to make them again."""
    return {
        "config": config,
        "seed": config["seed"],
        "steps": step,
        "epochs": round(step / steps_per_epoch, 2),
        "minutes": round(minutes, 1),
        "torch": torch.__version__,
        "cpu": cpu_model(),
        "data": config["data"],
    }
