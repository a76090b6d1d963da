"""The pixels of a mask inside its bounding rectangle."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Crop(NamedTuple):
    """Pixels of an image's part; outside of it no pixel belongs to the mask."""

    x: int
    """Column of the left-most pixel in the image."""
    y: int
    """Row of the top-most pixel in the image."""
    pixels: npt.NDArray[np.bool_]
    """`[height, width]`."""


EMPTY = Crop(0, 0, np.zeros((0, 0), np.bool_))


def tighten(crop: Crop) -> Crop:
    """The smallest rectangle that holds the same pixels."""
    rows = np.flatnonzero(crop.pixels.any(axis=1))
    if rows.size == 0:
        return EMPTY
    columns = np.flatnonzero(crop.pixels.any(axis=0))
    (top, bottom), (left, right) = (rows[0], rows[-1] + 1), (columns[0], columns[-1] + 1)
    pixels = np.ascontiguousarray(crop.pixels[top:bottom, left:right])
    return Crop(crop.x + int(left), crop.y + int(top), pixels)
