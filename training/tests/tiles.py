"""A small tile with a known defect for the tests."""

import numpy as np

from training.data.tiles import Tile


def small_tile(kind: int = 1, height: int = 120, width: int = 90, name: str = "small.png") -> Tile:
    """A dark tile; its defect, where the kind has one, is a bright block of 30 x 24 pixels at the top left."""
    image, label = np.full((height, width), 50, np.uint8), np.zeros((height, width), np.uint8)
    if kind:
        image[20:50, 10:34], label[20:50, 10:34] = 200, kind
    return Tile(name, image, label, kind, name)
