"""Pasting mask logits into the image."""

from math import ceil, floor

import numpy as np

from training.metrics.masks import CroppedMask, crop

from .detection import sigmoid


def paste(logits: np.ndarray, box: np.ndarray, image_width: int, image_height: int, threshold: float) -> CroppedMask:
    """Mask of the pixels whose centres lie where the probability is above `threshold`.

    logits: [S, S], spread over `box` (x1, y1, x2, y2 in image pixels).
    """
    left, top = max(0, floor(box[0])), max(0, floor(box[1]))
    right, bottom = min(image_width, ceil(box[2])), min(image_height, ceil(box[3]))
    size = logits.shape[0]
    across = (np.arange(left, right) + 0.5 - box[0]) / (box[2] - box[0]) * size - 0.5
    down = (np.arange(top, bottom) + 0.5 - box[1]) / (box[3] - box[1]) * size - 0.5
    probabilities = _interpolate_rows(_interpolate_rows(sigmoid(logits), down).T, across).T
    return crop(probabilities > threshold, left, top)


def _interpolate_rows(table: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Rows of `table` at fractional `positions`, linear, the border replicated."""
    positions = positions.clip(0, len(table) - 1)
    low = np.floor(positions).astype(np.int64)
    high = np.minimum(low + 1, len(table) - 1)
    part = (positions - low)[:, None]
    return table[low] * (1 - part) + table[high] * part
