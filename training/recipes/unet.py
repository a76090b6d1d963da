"""Whole-image segmentation of magnetic tiles."""

from pathlib import Path

import torch
from torch import Tensor

from training.data.drawn_tiles import drawn_tiles
from training.data.tile_batches import Sampling, TileBatch, TileSource, spread
from training.data.tile_views import TileAugmentation
from training.data.tiles import load_tiles, tiles_root
from training.learning.semantic_losses import semantic_losses
from training.networks.unet import UNet
from training.recipes.recipe import mixed_precision


class UNetRecipe:
    """Softmax cross entropy and Dice, both image by image."""

    def __init__(self, config: dict):
        self._config = config

    def network(self) -> UNet:
        return UNet.from_config(self._config["network"])

    def source(self, out: Path) -> TileSource:
        config, network = self._config, self._config["network"]
        return TileSource(
            spread(load_tiles(tiles_root(), "train"), config["tiles"]),
            drawn_tiles(config["drawn_tiles"]),
            (network["width"], network["height"]),
            TileAugmentation(**config["augmentation"]),
            Sampling(**config["sampling"]),
            config["optimizer"]["batch_size"],
            config["seed"],
        )

    def losses(self, network: UNet, batch: TileBatch) -> dict[str, Tensor]:
        images = batch.images.contiguous(memory_format=torch.channels_last)
        with mixed_precision(self._config, images.device):
            logits = network(images)
        return semantic_losses(logits.float(), batch.labels, self._config["class_weights"], self._config["log_priors"])
