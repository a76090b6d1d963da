"""The contract between the trainer and the architectures."""

from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn


class Batch(Protocol):
    """What one step learns from."""

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""


class Source(Protocol):
    """Draws the batch of a step from the seed and the step's number alone."""

    steps_per_epoch: int

    def show_whole_images(self) -> None:
        """From now on (but for batches already drawn) views are whole images, as the server will see them."""

    def __len__(self) -> int: ...

    def __getitem__(self, step: int) -> Batch: ...


class Recipe(Protocol):
    """One architecture with its training configuration."""

    def network(self) -> nn.Module:
        """A new network."""

    def source(self, out: Path) -> Source:
        """Where batches come from; what is costly to make is kept in the run's folder."""

    def losses(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """One forward pass: every loss by name, unweighted. `loss_weights` of the configuration names them all."""


def mixed_precision(config: dict, device: torch.device) -> torch.autocast:
    """The context that networks run in: bfloat16 where the configuration says so, for their convolutions alone."""
    return torch.autocast(device.type, torch.bfloat16, enabled=config["precision"] == "bfloat16")
