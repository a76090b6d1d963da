"""What etching and scanning do to drawn artwork: fillets, a slight skew, rough edges.

Whole-number arithmetic all through, so that the same artwork gives the same pixels everywhere.
"""

import cv2
import numpy as np

LARGEST_SKEW = 0.006
"""Radians; scanned boards are up to a few pixels out of square."""
EDGE_SIGMA = 1.2
ROUGHNESS = (0, 60)
"""Grey levels of noise on edges that pass from 0 to 255 within about 3 pixels: up to half a pixel of edge position."""
SMALLEST_FEATURE = 180
"""Pixels. Copper islands and holes below this are artwork accidents and would look like defects."""

SLIMMEST_CUT = 12
"""Pixels; what reaches less far into the view is not recognisable as a pad or a trace."""


def etch(copper: np.ndarray) -> np.ndarray:
    """Fills acute notches and rounds off spikes, as the etchant does: uint8 [S, S] to the same."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    filled = cv2.morphologyEx(copper, cv2.MORPH_CLOSE, disc)
    return cv2.morphologyEx(filled, cv2.MORPH_OPEN, disc)


def skew(copper: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """The middle `size` x `size` pixels, turned by a little: uint8 [size, size]."""
    slope = int(rng.integers(-1000, 1001)) * LARGEST_SKEW / 1000
    offset = (copper.shape[0] - size) // 2
    center = size // 2
    # Rows and columns are shifted by whole pixels, which leaves the long steps of a scanned, slightly turned edge.
    shift = np.rint((np.arange(size) - center) * slope).astype(int)
    middle = np.arange(size) + offset
    rows = middle[:, None] + shift[None, :]
    columns = middle[None, :] - shift[:, None]
    return copper[rows, columns]


def roughen(copper: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rough edges, as binarising a blurred and noisy scan leaves them: uint8 [S, S] to the same."""
    soft = cv2.GaussianBlur(copper * np.uint8(255), (0, 0), EDGE_SIGMA).astype(np.int32)
    amplitude = int(rng.integers(ROUGHNESS[0], ROUGHNESS[1] + 1))
    grain = cv2.GaussianBlur(rng.integers(0, 256, copper.shape, np.uint8), (0, 0), 0.7).astype(np.int32) - 128
    return (soft * 128 + grain * amplitude * 2 > 127 * 128).astype(np.uint8)


def without_accidents(copper: np.ndarray) -> np.ndarray:
    """Copper islands and holes too small to be meant, and slivers cut off by the border, are taken out: uint8 [S, S]."""
    cleaned = copper.copy()
    size = copper.shape[0]
    for value in (1, 0):
        _, labels, stats, _ = cv2.connectedComponentsWithStats((cleaned == value).astype(np.uint8), connectivity=4)
        left, top, width, height, area = stats.T
        cut_at_side = ((left == 0) | (left + width == size)) & (width < SLIMMEST_CUT)
        cut_at_end = ((top == 0) | (top + height == size)) & (height < SLIMMEST_CUT)
        accident = (area < SMALLEST_FEATURE) | cut_at_side | cut_at_end
        accident[0] = False
        cleaned[accident[labels]] = 1 - value
    return cleaned
