"""The detector alone."""

from pathlib import Path

import torch
from torch import Tensor

from training.data.batches import Batch, BatchSource
from training.learning.losses import detection_losses
from training.networks.yolov5 import Yolov5
from training.recipes.boards import board_source
from training.recipes.recipe import mixed_precision


class Yolov5Recipe:
    """Stage 1 of Y-MaskNet without the map that it shares: the same trunk, heads, data and detection losses."""

    def __init__(self, config: dict):
        self._config = config

    def network(self) -> Yolov5:
        return Yolov5.from_config(self._config["network"])

    def source(self, out: Path) -> BatchSource:
        return board_source(self._config, out)

    def losses(self, network: Yolov5, batch: Batch) -> dict[str, Tensor]:
        images = batch.images.contiguous(memory_format=torch.channels_last)
        with mixed_precision(self._config, images.device):
            heads = network(images)
        ratio = self._config["assignment_ratio"]
        return detection_losses(network.stage1, [head.float() for head in heads], batch.targets, ratio)
