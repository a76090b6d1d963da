"""Both stages at once."""

from pathlib import Path

import torch
from torch import Tensor

from training.data.batches import Batch, BatchSource
from training.learning.losses import detection_losses, refinement_losses
from training.learning.mask_targets import mask_targets
from training.learning.roi_sampling import best_proposals, sample_regions
from training.networks.ymasknet import MASK_SIZE, YMaskNet, region_features
from training.recipes.boards import board_source
from training.recipes.recipe import mixed_precision


class YMaskNetRecipe:
    """The joint loss of detection, masks and refinement."""

    def __init__(self, config: dict):
        self._config = config

    def network(self) -> YMaskNet:
        return YMaskNet.from_config(self._config["network"])

    def source(self, out: Path) -> BatchSource:
        return board_source(self._config, out)

    def losses(self, network: YMaskNet, batch: Batch) -> dict[str, Tensor]:
        targets, sampling = batch.targets, self._config["regions"]
        height, width = batch.images.shape[2:]
        images = batch.images.contiguous(memory_format=torch.channels_last)
        with mixed_precision(self._config, images.device):
            stage1 = network.stage1(images)
        heads, shared = [head.float() for head in stage1.heads], stage1.features.float()
        losses = detection_losses(network.stage1, heads, targets, self._config["assignment_ratio"])

        proposals = best_proposals(network.stage1, heads, sampling["proposals"], height, width)
        samples = sample_regions(proposals, targets, sampling["positives"], sampling["negatives"], height, width)
        if len(samples.target) == 0:
            return losses
        regions = samples.regions
        features = region_features(shared.contiguous(), batch.images, regions)
        with mixed_precision(self._config, images.device):
            stage2 = network.stage2(features.contiguous(memory_format=torch.channels_last))
        stage2 = type(stage2)(*(output.float() for output in stage2))

        background = len(self._config["network"]["classes"])
        positive = samples.target >= 0
        owner = samples.target[positive]
        classes = torch.full_like(samples.target, background)
        classes[positive] = targets.classes[owner]
        masks = mask_targets(batch.label_maps, regions[positive], targets.instance[owner], MASK_SIZE)
        found = regions[positive, 1:]
        return losses | refinement_losses(stage2, classes, masks, found, targets.boxes[owner])
