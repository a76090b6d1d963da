"""The shipped samples as files and as arrays."""

import numpy as np
from PIL import Image as Picture

from .paths import SAMPLES

BUS = SAMPLES / "bus-binary.png"
GREY = SAMPLES / "bus-grey.png"
SIXTEEN_BITS = SAMPLES / "vias-grey-16-bit.png"
TILE = SAMPLES / "tiles/blowhole.png"
BOARDS = sorted([*SAMPLES.glob("*.png"), *SAMPLES.glob("*.jpg")])


def read_grey(path) -> np.ndarray:
    """uint8 `[height, width]`."""
    return np.asarray(Picture.open(path).convert("L"))


def read_16_bit() -> np.ndarray:
    """uint16 `[height, width]`."""
    return np.asarray(Picture.open(SIXTEEN_BITS)).astype(np.uint16)


def tinted() -> np.ndarray:
    """A picture in colour, RGB, uint8 `[height, width, 3]`."""
    grey = read_grey(GREY).astype(int)
    return np.stack([grey, grey * 7 // 8, grey * 3 // 4 + 20], axis=2).astype(np.uint8)
