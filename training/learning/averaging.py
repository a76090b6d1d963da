"""Exponential moving average of a network."""

import copy

import torch
from torch import nn


class MovingAverage:
    """Keeps a smoothed copy of a network, running statistics of batch normalisation included; that copy is what ships."""

    def __init__(self, network: nn.Module, decay: float):
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self._decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Moves the average towards the network; faster in the first steps, when the average is still a random start."""
        decay = min(self._decay, (1 + step) / (10 + step))
        average, current = self._floats(self.network), self._floats(network)
        torch._foreach_mul_(average, decay)
        torch._foreach_add_(average, current, alpha=1 - decay)

    @staticmethod
    def _floats(network: nn.Module) -> list[torch.Tensor]:
        return [value for value in network.state_dict().values() if value.dtype.is_floating_point]
