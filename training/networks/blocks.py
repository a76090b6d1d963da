"""Building blocks of the convolutional trunk."""

from typing import Callable, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvBlock(nn.Sequential):
    """Convolution, batch normalisation and ReLU (or nothing, where `linear`); "same" padding for odd kernels."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int = 1, stride: int = 1, groups: int = 1, linear: bool = False
    ):
        super().__init__(
            nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.03),
            nn.Identity() if linear else nn.ReLU(inplace=True),
        )


class Bottleneck(nn.Module):
    """1x1 then 3x3 convolution, optionally added to the input."""

    def __init__(self, channels: int, shortcut: bool = True):
        super().__init__()
        self.reduce = ConvBlock(channels, channels, 1)
        self.expand = ConvBlock(channels, channels, 3)
        self.shortcut = shortcut

    def forward(self, features: Tensor) -> Tensor:
        result = self.expand(self.reduce(features))
        return features + result if self.shortcut else result


class CrossStagePartial(nn.Module):
    """Cross-stage partial block: one half of the channels goes through bottlenecks, the other past them."""

    def __init__(self, in_channels: int, out_channels: int, depth: int = 1, shortcut: bool = True):
        super().__init__()
        half = out_channels // 2
        self.main = ConvBlock(in_channels, half)
        self.bypass = ConvBlock(in_channels, half)
        self.bottlenecks = nn.Sequential(*[Bottleneck(half, shortcut) for _ in range(depth)])
        self.merge = ConvBlock(2 * half, out_channels)

    def forward(self, features: Tensor) -> Tensor:
        return self.merge(torch.cat([self.bottlenecks(self.main(features)), self.bypass(features)], 1))


class DepthwiseSeparable(nn.Sequential):
    """3x3 convolution of each channel by itself, then a 1x1 convolution that mixes them (MobileNet, arXiv 1704.04861)."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__(
            ConvBlock(in_channels, in_channels, 3, stride, groups=in_channels, linear=True),
            ConvBlock(in_channels, out_channels),
        )


class InvertedResidual(nn.Module):
    """1x1 expansion, depthwise 3x3, linear 1x1 projection, added to the input where the channels stay as many
    (MobileNetV2, arXiv 1801.04381)."""

    EXPANSION = 2

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__()
        hidden = self.EXPANSION * in_channels
        self.expand = ConvBlock(in_channels, hidden)
        self.filter = ConvBlock(hidden, hidden, 3, groups=hidden)
        self.project = ConvBlock(hidden, out_channels, linear=True)
        self.shortcut = in_channels == out_channels

    def forward(self, features: Tensor) -> Tensor:
        result = self.project(self.filter(self.expand(features)))
        return features + result if self.shortcut else result


class SpatialPyramidPooling(nn.Module):
    """Three 5x5 max-poolings in a row (windows 5, 9 and 13), concatenated with their input."""

    def __init__(self, channels: int):
        super().__init__()
        self.reduce = ConvBlock(channels, channels // 2)
        self.merge = ConvBlock(2 * channels, channels)

    def forward(self, features: Tensor) -> Tensor:
        pooled = [self.reduce(features)]
        for _ in range(3):
            pooled.append(F.max_pool2d(pooled[-1], kernel_size=5, stride=1, padding=2))
        return self.merge(torch.cat(pooled, 1))


def full_reduction(in_channels: int, out_channels: int) -> nn.Module:
    """Half the resolution, in the full network."""
    return ConvBlock(in_channels, out_channels, 3, 2)


def mobile_stage(in_channels: int, out_channels: int, depth: int = 1, shortcut: bool = True) -> nn.Module:
    """A stage of the lightweight network. What changes the number of channels has no shortcut anyway."""
    first = InvertedResidual(in_channels, out_channels) if shortcut else DepthwiseSeparable(in_channels, out_channels)
    return nn.Sequential(first, *[InvertedResidual(out_channels, out_channels) for _ in range(depth - 1)])


def mobile_reduction(in_channels: int, out_channels: int) -> nn.Module:
    """Half the resolution, in the lightweight network."""
    return DepthwiseSeparable(in_channels, out_channels, 2)


class Blocks(NamedTuple):
    """What a trunk is built of."""

    stage: Callable[..., nn.Module]
    """(in_channels, out_channels, depth = 1, shortcut = True) at one resolution."""
    reduction: Callable[[int, int], nn.Module]
    """(in_channels, out_channels) to half the resolution."""


BLOCKS = {"full": Blocks(CrossStagePartial, full_reduction), "mobile": Blocks(mobile_stage, mobile_reduction)}
"""By the name that a configuration's `blocks` gives them."""


def upsample(features: Tensor) -> Tensor:
    """Nearest-neighbour enlargement by two."""
    return F.interpolate(features, scale_factor=2.0)
