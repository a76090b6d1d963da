"""Building blocks of the convolutional trunk."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvBlock(nn.Sequential):
    """Convolution, batch normalisation and ReLU; "same" padding for odd kernels."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int = 1, stride: int = 1):
        super().__init__(
            nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.03),
            nn.ReLU(inplace=True),
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


def upsample(features: Tensor) -> Tensor:
    """Nearest-neighbour enlargement by two."""
    return F.interpolate(features, scale_factor=2.0)
