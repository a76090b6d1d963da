"""The two stages of Y-MaskNet.

Stage 1 is a YOLOv5-style detector that also hands out a fine feature map; stage 2 is a Mask R-CNN-style head that
looks at one region at a time. Both hold learned operators only: decoding, non-maximum suppression and RoIAlign lie
outside, so that each stage exports to ONNX as it is.
"""

from typing import NamedTuple, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import roi_align

from .blocks import BLOCKS, ConvBlock, SpatialPyramidPooling, upsample

FEATURE_CHANNELS = 32
"""Channels of the shared stride-4 feature map ("P2")."""
FEATURE_STRIDE = 4
ROI_SIZE = 14
"""Side of the grid that RoIAlign samples from the feature map."""
IMAGE_CROP_SIZE = 56
"""Side of the grid that RoIAlign samples from the image itself."""
ROI_CHANNELS = FEATURE_CHANNELS + (IMAGE_CROP_SIZE // ROI_SIZE) ** 2
MASK_SIZE = 28
"""Side of the mask grid of one region."""


class Stage1Output(NamedTuple):
    """What stage 1 gives for images [N, 1, H, W]."""

    heads: list[Tensor]
    """Per stride s, raw values [N, A * (5 + C), H/s, W/s]: for each anchor x, y, w, h, objectness, C classes."""
    features: Tensor | None
    """P2 features [N, 32, H/4, W/4]; None from a detector that stands alone."""


class Stage1(nn.Module):
    """Backbone, feature pyramid and anchor heads.

    Input: grey images [N, 1, H, W], float 0..1, H and W multiples of 32.
    `anchors` holds, per head, A pairs (width, height) in pixels of the input; `blocks` names what the trunk is built of
    ("full", or "mobile" for the lightweight variant). A detector that stands alone has no features to share.
    """

    def __init__(
        self,
        anchors: Sequence[Sequence[Sequence[float]]],
        class_count: int,
        widths: Sequence[int] = (32, 64, 128, 192),
        depths: Sequence[int] = (1, 1, 2, 1),
        blocks: str = "full",
        with_features: bool = True,
    ):
        super().__init__()
        stage, reduction = BLOCKS[blocks]
        w4, w8, w16, w32 = widths
        self.strides = (8, 16)
        self.class_count = class_count
        self.register_buffer("anchors", torch.tensor(anchors, dtype=torch.float32))
        self.anchor_count = self.anchors.shape[1]

        self.stem = ConvBlock(16, w4, 3)
        self.stage4 = stage(w4, w4, depths[0])
        self.down8 = reduction(w4, w8)
        self.stage8 = stage(w8, w8, depths[1])
        self.down16 = reduction(w8, w16)
        self.stage16 = stage(w16, w16, depths[2])
        self.down32 = reduction(w16, w32)
        self.stage32 = nn.Sequential(stage(w32, w32, depths[3]), SpatialPyramidPooling(w32))

        self.lateral32 = ConvBlock(w32, w16)
        self.top_down16 = stage(2 * w16, w16, 1, False)
        self.lateral16 = ConvBlock(w16, w8)
        self.top_down8 = stage(2 * w8, w8, 1, False)
        self.bottom_up = reduction(w8, w8)
        self.bottom_up16 = stage(2 * w8, w16, 1, False)

        self.with_features = with_features
        if with_features:
            self.fine_lateral = ConvBlock(w4, FEATURE_CHANNELS)
            self.coarse_lateral = ConvBlock(w8, FEATURE_CHANNELS)
        values = 5 + class_count
        self.heads = nn.ModuleList(nn.Conv2d(width, self.anchor_count * values, 1) for width in (w8, w16))
        for head in self.heads:
            # Start from rare objects and unlikely classes; otherwise background swamps the first steps.
            bias = head.bias.data.view(self.anchor_count, values)
            bias[:, 4] = -5.0
            bias[:, 5:] = -1.8

    @staticmethod
    def from_config(network: dict, with_features: bool = True) -> "Stage1":
        """Builds the stage from the `network` section of a training configuration."""
        return Stage1(
            network["anchors"],
            len(network["classes"]),
            network["widths"],
            network["depths"],
            network.get("blocks", "full"),
            with_features,
        )

    def forward(self, images: Tensor) -> Stage1Output:
        level4 = self.stage4(self.stem(F.pixel_unshuffle(images, 4)))
        level8 = self.stage8(self.down8(level4))
        level16 = self.stage16(self.down16(level8))
        level32 = self.stage32(self.down32(level16))

        merged16 = self.lateral16(self.top_down16(torch.cat([upsample(self.lateral32(level32)), level16], 1)))
        out8 = self.top_down8(torch.cat([upsample(merged16), level8], 1))
        out16 = self.bottom_up16(torch.cat([self.bottom_up(out8), merged16], 1))

        features = self.fine_lateral(level4) + upsample(self.coarse_lateral(out8)) if self.with_features else None
        return Stage1Output([head(level) for head, level in zip(self.heads, (out8, out16))], features)


class Stage2Output(NamedTuple):
    """What stage 2 gives for R regions."""

    mask_logits: Tensor
    """[R, C, 28, 28]"""
    class_logits: Tensor
    """[R, C + 1]; the last is background."""
    box_deltas: Tensor
    """[R, 4]: dx, dy, dw, dh, see `training.networks.boxes`."""


class Stage2(nn.Module):
    """Mask head with class and box refinement. Input: region features [R, 48, 14, 14] from `region_features`."""

    def __init__(self, class_count: int, width: int = 64, depth: int = 4):
        super().__init__()
        inputs = [ROI_CHANNELS] + [width] * (depth - 1)
        self.trunk = nn.Sequential(*[ConvBlock(channels, width, 3) for channels in inputs])
        # The same map as a transposed 2x2 convolution of stride 2, and several times faster to train on a CPU.
        self.enlarge = nn.Sequential(nn.Conv2d(width, 4 * width, 1), nn.PixelShuffle(2))
        self.mask = nn.Conv2d(width, class_count, 1)
        self.squeeze = ConvBlock(width, 16)
        self.hidden = nn.Linear(16 * ROI_SIZE**2, 128)
        self.classes = nn.Linear(128, class_count + 1)
        self.box = nn.Linear(128, 4)
        # No refinement at first: the box of stage 1 is the best guess there is.
        nn.init.zeros_(self.box.weight)
        nn.init.zeros_(self.box.bias)

    def forward(self, regions: Tensor) -> Stage2Output:
        shared = self.trunk(regions)
        hidden = F.relu(self.hidden(self.squeeze(shared).flatten(1)))
        return Stage2Output(
            mask_logits=self.mask(F.relu(self.enlarge(shared))),
            class_logits=self.classes(hidden),
            box_deltas=self.box(hidden),
        )


class YMaskNet(nn.Module):
    """Both stages, for training and for keeping their weights together."""

    def __init__(self, stage1: Stage1, stage2: Stage2):
        super().__init__()
        self.stage1 = stage1
        self.stage2 = stage2

    @staticmethod
    def from_config(network: dict) -> "YMaskNet":
        """Builds the network from the `network` section of a training configuration."""
        return YMaskNet(Stage1.from_config(network), Stage2(len(network["classes"]), **network.get("stage2", {})))


def region_features(features: Tensor, images: Tensor, regions: Tensor) -> Tensor:
    """Input of stage 2, [R, 48, 14, 14].

    features: [N, 32, H/4, W/4]; images: [N, 1, H, W]; regions: [R, 5] of image index, x1, y1, x2, y2 in pixels.
    """
    shared = roi_align(features, regions, ROI_SIZE, 1.0 / FEATURE_STRIDE, sampling_ratio=2, aligned=True)
    crop = roi_align(images, regions, IMAGE_CROP_SIZE, 1.0, sampling_ratio=1, aligned=True)
    return torch.cat([shared, F.pixel_unshuffle(crop, IMAGE_CROP_SIZE // ROI_SIZE)], 1)
