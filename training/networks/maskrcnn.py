"""Mask R-CNN with a small backbone: the two-stage baseline that Y-MaskNet is compared with.

The proposals, their sampling and the heads are torchvision's; it is a baseline for measuring and is never served.
"""

from collections import OrderedDict

from torch import Tensor, nn
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import TwoMLPHead
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.ops import FeaturePyramidNetwork, MultiScaleRoIAlign

from .blocks import ConvBlock, CrossStagePartial

PYRAMID_CHANNELS = 64
BOX_GRID = 7
MASK_GRID = 14
ANCHOR_SIDES = ((24, 34), (34, 48), (48, 70))
"""Sides of the square anchors at strides 4, 8 and 16, in pixels."""
ANCHOR_RATIOS = (0.6, 1.0, 1.6)


class SmallBackbone(nn.Module):
    """The trunk of Y-MaskNet's stage 1 down to stride 16, under a feature pyramid: maps of 64 channels at strides 4, 8
    and 16."""

    def __init__(self, widths: list[int], depths: list[int]):
        super().__init__()
        w4, w8, w16, _ = widths
        self.out_channels = PYRAMID_CHANNELS
        self.stem = nn.Sequential(nn.PixelUnshuffle(4), ConvBlock(16, w4, 3), CrossStagePartial(w4, w4, depths[0]))
        self.level8 = nn.Sequential(ConvBlock(w4, w8, 3, 2), CrossStagePartial(w8, w8, depths[1]))
        self.level16 = nn.Sequential(ConvBlock(w8, w16, 3, 2), CrossStagePartial(w16, w16, depths[2]))
        self.pyramid = FeaturePyramidNetwork([w4, w8, w16], PYRAMID_CHANNELS)

    def forward(self, images: Tensor) -> "OrderedDict[str, Tensor]":
        level4 = self.stem(images)
        level8 = self.level8(level4)
        return self.pyramid(OrderedDict([("4", level4), ("8", level8), ("16", self.level16(level8))]))


def build_maskrcnn(network: dict) -> MaskRCNN:
    """The baseline for the `network` section of a training configuration; images are grey, [1, H, W], 0..1, taken in the
    size that they have."""
    levels = ["4", "8", "16"]
    classes = len(network["classes"]) + 1
    return MaskRCNN(
        SmallBackbone(network["widths"], network["depths"]),
        num_classes=None,
        image_mean=[0.0],
        image_std=[1.0],
        _skip_resize=True,
        rpn_anchor_generator=AnchorGenerator(ANCHOR_SIDES, (ANCHOR_RATIOS,) * len(levels)),
        rpn_pre_nms_top_n_train=300,
        rpn_post_nms_top_n_train=150,
        rpn_pre_nms_top_n_test=500,
        rpn_post_nms_top_n_test=300,
        rpn_batch_size_per_image=128,
        box_roi_pool=MultiScaleRoIAlign(levels, BOX_GRID, 2, canonical_scale=64, canonical_level=3),
        box_head=TwoMLPHead(PYRAMID_CHANNELS * BOX_GRID**2, 256),
        box_predictor=_BoxPredictor(256, classes),
        box_batch_size_per_image=48,
        box_score_thresh=0.001,
        box_detections_per_img=100,
        mask_roi_pool=MultiScaleRoIAlign(levels, MASK_GRID, 2, canonical_scale=64, canonical_level=3),
        mask_head=MaskRCNNHeads(PYRAMID_CHANNELS, (64, 64, 64, 64), 1),
        mask_predictor=MaskRCNNPredictor(64, 64, classes),
    )


class _BoxPredictor(nn.Module):
    """Class logits (background first) and box deltas per class."""

    def __init__(self, channels: int, classes: int):
        super().__init__()
        self.class_logits = nn.Linear(channels, classes)
        self.deltas = nn.Linear(channels, 4 * classes)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.class_logits(features), self.deltas(features)
