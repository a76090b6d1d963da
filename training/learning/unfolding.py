"""Training goes on from a model package, whose normalisation is folded into its convolutions."""

from typing import Callable

import torch
from torch import Tensor, nn

from training.networks.blocks import ConvBlock


class _Moments:
    """Mean and variance of each channel over everything that was seen."""

    def __init__(self):
        self.count = 0
        self._sum: Tensor | float = 0.0
        self._sum_of_squares: Tensor | float = 0.0

    def add(self, values: Tensor) -> None:
        """values: [N, C, H, W]."""
        values = values.detach().double()
        self.count += values.numel() // values.shape[1]
        self._sum = self._sum + values.sum((0, 2, 3))
        self._sum_of_squares = self._sum_of_squares + values.square().sum((0, 2, 3))

    @property
    def mean(self) -> Tensor:
        """[C]"""
        return self._sum / self.count

    @property
    def variance(self) -> Tensor:
        """[C]"""
        return (self._sum_of_squares / self.count - self.mean**2).clamp(min=0)


@torch.no_grad()
def unfold(folded: nn.Module, fresh: nn.Module, run: Callable[[nn.Module], object]) -> None:
    """Gives `fresh` the weights of `folded`, the same network with folded normalisation.

    Folding loses what normalisation had seen, so it is seen again: `run` runs the folded network on some batches, and each
    normalisation of `fresh` is set to undo just what it does to them. In evaluation both then compute the same; in
    training, nearly so from the first step.
    """
    pairs = list(zip(_blocks(folded), _blocks(fresh), strict=True))
    moments = [_Moments() for _ in pairs]
    hooks = [
        block[0].register_forward_hook(lambda _, __, output, seen=seen: seen.add(output))
        for (block, _), seen in zip(pairs, moments)
    ]
    try:
        run(folded)
    finally:
        for hook in hooks:
            hook.remove()

    given = dict(folded.named_parameters())
    for name, parameter in fresh.named_parameters():
        # Of a block, only the kernel has the same name and shape on both sides.
        if name in given and given[name].shape == parameter.shape:
            parameter.copy_(given[name])
    for (block, target), seen in zip(pairs, moments):
        if seen.count == 0:
            raise ValueError("the batches did not reach every convolution")
        normalisation = target[1]
        normalisation.running_mean.copy_(seen.mean - block[0].bias)
        normalisation.running_var.copy_(seen.variance)
        normalisation.weight.copy_((seen.variance + normalisation.eps).sqrt())
        normalisation.bias.copy_(seen.mean)


def _blocks(network: nn.Module) -> list[ConvBlock]:
    return [module for module in network.modules() if isinstance(module, ConvBlock)]
