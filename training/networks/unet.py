"""A U-Net for whole-image segmentation (Ronneberger et al., arXiv 1505.04597), made for a CPU."""

from typing import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import ConvBlock, SpatialPyramidPooling, upsample

STEM_STRIDE = 2
"""The finest convolutions work on 2 x 2 pixels folded into channels: at full resolution they would take most of the
time, and defects of ten pixels do not need them."""
BACKGROUND_BIAS = 5.0
"""Start from rare defects; otherwise the first steps learn nothing but that nearly every pixel is background."""


class _Down(nn.Sequential):
    """Halves the resolution, then looks once more: [N, C, H, W] to [N, C', H/2, W/2]."""

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(ConvBlock(in_channels, out_channels, 3, 2), ConvBlock(out_channels, out_channels, 3))


class _Up(nn.Module):
    """Doubles the resolution and joins the skip connection: [N, C, H/2, W/2] and [N, C', H, W] to [N, C', H, W]."""

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__()
        # A 1 x 1 convolution and nearest enlargement may change places; this way round it has a quarter of the work.
        self.lateral = ConvBlock(in_channels, out_channels)
        self.merge = ConvBlock(2 * out_channels, out_channels, 3)
        self.refine = ConvBlock(out_channels, out_channels, 3)

    def forward(self, coarse: Tensor, skip: Tensor) -> Tensor:
        return self.refine(self.merge(torch.cat([upsample(self.lateral(coarse)), skip], 1)))


class UNet(nn.Module):
    """Logits per pixel. Input: grey images [N, 1, H, W], float 0..1, H and W multiples of `stride`.

    `widths` are the channels at strides 2, 4, 8 and so on. Pooling at the coarsest level widens the view to most of a
    tile, because some defects are a matter of the whole surface.
    """

    def __init__(self, class_count: int, widths: Sequence[int] = (16, 32, 64, 96, 128)):
        super().__init__()
        finest = widths[0]
        self.stride = STEM_STRIDE * 2 ** (len(widths) - 1)
        self.stem = nn.Sequential(ConvBlock(STEM_STRIDE**2, finest, 3), ConvBlock(finest, finest, 3))
        self.downs = nn.ModuleList(_Down(*pair) for pair in zip(widths, widths[1:]))
        self.context = SpatialPyramidPooling(widths[-1])
        self.ups = nn.ModuleList(_Up(coarse, fine) for fine, coarse in zip(widths[-2::-1], widths[:0:-1]))
        self.head = nn.Conv2d(finest, class_count * STEM_STRIDE**2, 1)
        self.head.bias.data.view(class_count, -1)[0] = BACKGROUND_BIAS

    @staticmethod
    def from_config(network: dict) -> "UNet":
        """Builds the network from the `network` section of a training configuration."""
        return UNet(len(network["classes"]), network["widths"])

    def forward(self, images: Tensor) -> Tensor:
        """Raw logits [N, classes, H, W]; class 0 is the background."""
        levels = [self.stem(F.pixel_unshuffle(images, STEM_STRIDE))]
        for down in self.downs:
            levels.append(down(levels[-1]))
        features = self.context(levels.pop())
        for up in self.ups:
            features = up(features, levels.pop())
        return F.pixel_shuffle(self.head(features), STEM_STRIDE)
