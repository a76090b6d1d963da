"""Sound tiles of the project's own generator, as further surfaces to draw defects on."""

import numpy as np

from training.data.tiles import Tile
from training.generator.tile_surface import draw_surface
from training.generator.tiles import FIRST_TRAINING_SEED


def drawn_tiles(count: int) -> list[Tile]:
    """`count` tiles of the seeds from `FIRST_TRAINING_SEED` on."""
    return [_tile(seed) for seed in range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + count)]


def _tile(seed: int) -> Tile:
    image = draw_surface(np.random.default_rng(seed))
    return Tile(f"drawn {seed}", image, np.zeros_like(image), 0, f"drawn {seed}")
