"""The two-stage baseline."""

from pathlib import Path

import torch
from torch import Tensor
from torchvision.models.detection import MaskRCNN

from training.data.batches import Batch, BatchSource
from training.networks.maskrcnn import build_maskrcnn
from training.recipes.boards import board_source


class MaskRcnnRecipe:
    """torchvision's own losses on the boards that Y-MaskNet learns from.

    In float32: its loss layers do not all take bfloat16.
    """

    def __init__(self, config: dict):
        self._config = config

    def network(self) -> MaskRCNN:
        return build_maskrcnn(self._config["network"])

    def source(self, out: Path) -> BatchSource:
        return board_source(self._config, out)

    def losses(self, network: MaskRCNN, batch: Batch) -> dict[str, Tensor]:
        return network(list(batch.images), torchvision_targets(batch))


def torchvision_targets(batch: Batch) -> list[dict[str, Tensor]]:
    """Boxes [K, 4], labels [K] from 1 on, and masks [K, H, W] of each image."""
    result = []
    for image in range(len(batch.images)):
        own = batch.targets.image == image
        instances = batch.targets.instance[own]
        result.append(
            {
                "boxes": batch.targets.boxes[own],
                "labels": batch.targets.classes[own] + 1,
                "masks": (batch.label_maps[image] == instances[:, None, None]).to(torch.uint8),
            }
        )
    return result
