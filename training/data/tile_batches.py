"""Training batches of tiles, balanced over the kinds of defects."""

import ctypes
import multiprocessing
from collections import defaultdict
from dataclasses import dataclass
from typing import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from training.data.batches import END_OF_RUN
from training.data.tile_transplants import TransplantLibrary
from training.data.tile_views import TileAugmentation, View, random_view
from training.data.tiles import Tile


@dataclass(frozen=True)
class TileBatch:
    """N views of one size."""

    images: Tensor
    """[N, 1, H, W] float32, 0..1."""
    labels: Tensor
    """[N, H, W] uint8, index into the classes, or `IGNORED`."""

    def to(self, device: torch.device) -> "TileBatch":
        """The same batch on another device."""
        return TileBatch(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Sampling:
    """Which tiles a batch shows; the `sampling` section of a training configuration."""

    defect_share: float
    """Part of a batch with tiles that have real defects, the kinds equally often; the others are sound."""
    drawn_share: float
    """Chance of a sound tile to be one of the generator's."""


class TileSource(Dataset):
    """Draws the batch of a step from the seed and the step's number alone.

    Within a kind first a family is drawn and then one of its pictures, so that a tile that was taken more often is not
    seen more often.
    """

    def __init__(
        self,
        tiles: Sequence[Tile],
        drawn: Sequence[Tile],
        size: tuple[int, int],
        augmentation: TileAugmentation,
        sampling: Sampling,
        batch_size: int,
        seed: int,
    ):
        """size: width and height of the network's input."""
        self._families = _by_kind_and_family(tiles)
        self._defective = sorted(kind for kind in self._families if kind)
        if not self._defective or 0 not in self._families:
            raise ValueError("training needs tiles with defects and without")
        self._drawn = drawn
        self._size = size
        self._augmentation = augmentation
        self._sampling = sampling
        self._batch_size = batch_size
        self._seed = seed
        self._library = TransplantLibrary(tiles)
        self._whole = multiprocessing.Value(ctypes.c_bool, False)
        self.steps_per_epoch = max(1, len(tiles) // batch_size)

    def show_whole_images(self) -> None:
        """From now on (but for batches already drawn) views are whole tiles."""
        self._whole.value = True

    def __len__(self) -> int:
        return END_OF_RUN

    def __getitem__(self, step: int) -> TileBatch:
        rng = np.random.default_rng([self._seed, step])
        defective = round(self._sampling.defect_share * self._batch_size)
        tiles = [self._draw(index < defective, rng) for index in range(self._batch_size)]
        whole = self._whole.value
        return collate(
            [random_view(tile, self._size, self._augmentation, rng, self._library, whole) for tile in tiles]
        )

    def _draw(self, defective: bool, rng: np.random.Generator) -> Tile:
        if not defective and self._drawn and rng.random() < self._sampling.drawn_share:
            return self._drawn[rng.integers(len(self._drawn))]
        kind = self._defective[rng.integers(len(self._defective))] if defective else 0
        families = self._families[kind]
        family = families[rng.integers(len(families))]
        return family[rng.integers(len(family))]


def collate(views: Sequence[View]) -> TileBatch:
    """Views of one size to one batch."""
    images = torch.from_numpy(np.stack([view.image for view in views]))[:, None].div_(255)
    return TileBatch(images, torch.from_numpy(np.stack([view.label for view in views])))


def spread(tiles: Sequence[Tile], count: int) -> list[Tile]:
    """The first `count` tiles, taken from all kinds in turn; all of them for 0.

    A network that cannot learn a handful by heart will not learn them all either: that is to be tried first.
    """
    if count == 0:
        return list(tiles)
    queues = defaultdict(list)
    for tile in tiles:
        queues[tile.kind].append(tile)
    turns = [(place, kind) for kind, queue in queues.items() for place in range(len(queue))]
    return [queues[kind][place] for place, kind in sorted(turns)[:count]]


def _by_kind_and_family(tiles: Sequence[Tile]) -> dict[int, list[list[Tile]]]:
    families: dict[int, dict[str, list[Tile]]] = defaultdict(lambda: defaultdict(list))
    for tile in tiles:
        families[tile.kind][tile.family].append(tile)
    return {kind: list(of_kind.values()) for kind, of_kind in families.items()}
