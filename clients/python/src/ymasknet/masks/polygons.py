"""Masks as outlines along pixel edges, filled by the even-odd rule."""

from __future__ import annotations

from typing import Sequence

import numpy as np
import numpy.typing as npt

from ymasknet.errors import MaskError
from ymasknet.masks.crop import EMPTY, Crop, tighten


def fill(rings: Sequence[npt.NDArray[np.float64]], height: int, width: int) -> Crop:
    """The pixels inside closed rings.

    - `rings`: corners `[N, 2]` (x, y) each, whole numbers; an edge changes x or y, not both.

    Raises `MaskError` where that is not so, or a corner lies outside the image.
    """
    rings = [ring for ring in rings if len(ring)]
    if not rings:
        return EMPTY
    corners = np.concatenate(rings)
    _check(corners, height, width)
    (left, top), (right, bottom) = corners.min(axis=0).astype(int), corners.max(axis=0).astype(int)
    # One column more: an edge at the right border of the rectangle ends what is inside.
    flips = np.zeros((bottom - top, right - left + 1), np.int32)
    for ring in rings:
        start, end = ring.astype(int), np.roll(ring.astype(int), -1, axis=0)
        if ((start != end).sum(axis=1) > 1).any():
            raise MaskError("An edge of a polygon is not along pixel edges.")
        rows_from, rows_to = np.minimum(start[:, 1], end[:, 1]) - top, np.maximum(start[:, 1], end[:, 1]) - top
        lengths = rows_to - rows_from
        # Every row that a vertical edge passes, one edge after the other.
        rows = np.repeat(rows_from - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        np.add.at(flips, (rows, np.repeat(start[:, 0] - left, lengths)), 1)
    pixels = np.cumsum(flips[:, :-1], axis=1) % 2 == 1
    return tighten(Crop(int(left), int(top), pixels))


def _check(corners: npt.NDArray[np.float64], height: int, width: int) -> None:
    # Written so that NaN fails.
    is_inside = (corners >= 0).all(axis=1) & (corners <= [width, height]).all(axis=1)
    if not is_inside.all():
        x, y = corners[np.argmin(is_inside)]
        raise MaskError(f"A polygon's corner ({x}, {y}) is outside the image of {width} x {height} pixels.")
    is_whole = (corners == np.floor(corners)).all(axis=1)
    if not is_whole.all():
        x, y = corners[np.argmin(is_whole)]
        raise MaskError(f"A polygon's corner ({x}, {y}) is not on pixel edges.")
