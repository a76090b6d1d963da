"""Defects of magnetic tiles, drawn on any grey tile.

The masks are exact: nothing changes outside them. They reach about a pixel or two beyond the dark core, as the
annotators of the public magnetic-tile pictures draw them.
"""

from enum import IntEnum
from typing import Callable

import cv2
import numpy as np

from training.generator.strokes import blob
from training.generator.tile_surface import smooth_noise, streaks


class TileDefect(IntEnum):
    """Kinds of defects; the value is that of a defect's pixels in a label map."""

    BLOWHOLE = 1
    BREAK = 2
    CRACK = 3
    FRAY = 4
    UNEVEN = 5


BLOWHOLE_RADIUS = (2.7, 6.5)
CRACK_GAIN = (0.3, 0.65)
CRACK_STEP = 5.0
"""Pixels between the bends of a crack."""
SIDES = ("top", "bottom", "left", "right")
NEIGHBOURHOOD = np.ones((3, 3), np.uint8)


def add_defect(image: np.ndarray, kind: TileDefect, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A copy of a tile (uint8 [H, W]) with a defect, and the defect's mask: uint8 [H, W] and bool [H, W]."""
    grey = image.astype(np.float32)
    mask, changed = DRAWERS[kind](grey, rng)
    return np.where(mask, np.rint(changed).clip(0, 255), grey).astype(np.uint8), mask


def _blowhole(grey: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A small dark hole with a soft border, now and then with a rim darker than its ground."""
    radius = np.exp(rng.uniform(*np.log(BLOWHOLE_RADIUS)))
    elongation = rng.uniform(1, 1.3) if rng.random() < 0.5 else rng.uniform(1.3, 3)
    core = _stamp_at(blob(radius, elongation, rng), _anywhere(grey.shape, 8, rng), grey.shape)
    # Bent corners are the polygon's, not a hole's.
    core = cv2.GaussianBlur(core.astype(np.float32), (0, 0), 1.0) > 0.4
    depth = rng.uniform(0.45, 0.75) * np.ones(grey.shape, np.float32)
    if rng.random() < 0.4:
        ground = cv2.erode(core.astype(np.uint8), NEIGHBOURHOOD, iterations=2) > 0
        depth[ground] += np.float32(rng.uniform(0.05, 0.25))
    tone = _matte(grey, rng, 0.06) * cv2.GaussianBlur(depth, (0, 0), 0.7)
    return _soften(grey, core, tone, rng.uniform(0.6, 1.0))


def _crack(grey: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A thin dark line with bends, mostly along the grinding marks and mostly from an end of the tile."""
    height, width = grey.shape
    length = np.exp(rng.uniform(np.log(14), np.log(0.9 * height)))
    direction = np.pi / 2 + rng.normal(0, 0.25) if rng.random() < 0.85 else rng.uniform(0, np.pi)
    start = np.array([rng.uniform(0.05, 0.95) * width, 0.0])
    if rng.random() < 0.3:
        start[1] = rng.uniform(0.1, 0.7) * height
    elif rng.random() < 0.5:
        start[1], direction = height - 1.0, -direction
    points = [start]
    for _ in range(max(2, int(length / CRACK_STEP))):
        bent = direction + rng.normal(0, 0.3)
        direction += rng.normal(0, 0.06)
        points.append(points[-1] + CRACK_STEP * np.array([np.cos(bent), np.sin(bent)]))
    points = np.rint(points).astype(np.int32)
    core = np.zeros(grey.shape, np.uint8)
    thickness = int(rng.choice([1, 2, 3], p=[0.2, 0.45, 0.35]))
    cv2.polylines(core, [points], False, 1, thickness)
    if thickness > 1 and rng.random() < 0.5:
        # The far end is the finest.
        cv2.polylines(core, [points[len(points) // 2 :]], False, 0, thickness)
        cv2.polylines(core, [points[len(points) // 2 :]], False, 1, thickness - 1)
    return _soften(grey, core > 0, grey * np.float32(rng.uniform(*CRACK_GAIN)), rng.uniform(0.45, 0.75), reach=2)


def _break(grey: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A chip out of an edge: matte, with faint arcs around where the blow came from, often with a dark rim."""
    side = rng.choice(SIDES)
    along = grey.shape[1] if side in ("top", "bottom") else grey.shape[0]
    half_length = min(np.exp(rng.uniform(np.log(5), np.log(60))), 0.4 * along)
    depth = half_length * rng.uniform(0.25, 1.3) + 2
    place = rng.uniform(0, along)
    distance, position = _from_side(grey.shape, side)
    wobble = 1 + np.float32(0.25) * smooth_noise(grey.shape, (12, 12), rng)
    radius = np.sqrt(((position - np.float32(place)) / half_length) ** 2 + ((distance + 1) / depth) ** 2) * wobble
    core = radius < 1
    tone = _matte(grey, rng, 0.08) * np.float32(rng.uniform(0.5, 1.05))
    tone *= 1 + np.float32(rng.uniform(0, 0.08)) * np.sin(radius * np.float32(rng.uniform(6, 18)))
    if rng.random() < 0.7:
        rim = core & (cv2.erode(core.astype(np.uint8), NEIGHBOURHOOD, iterations=int(rng.integers(1, 3))) == 0)
        tone[rim] *= np.float32(rng.uniform(0.45, 0.8))
    return _soften(grey, core, tone, 0.7)


def _fray(grey: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A place that the wheel did not reach: matte, without grinding marks, darker; large, or a torn corner."""
    height, width = grey.shape
    if rng.random() < 0.65:
        half = np.array([width, height]) * rng.uniform(0.12, 0.33, 2)
        center = np.array([width, height]) * rng.uniform(0.2, 0.8, 2)
        speckle = 0.04
    else:
        half = np.exp(rng.uniform(np.log(9), np.log(32), 2))
        center = np.array([width, height]) * rng.integers(0, 2, 2)
        speckle = 0.15
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    wobble = 1 + np.float32(0.3) * smooth_noise(grey.shape, (4, 4), rng)
    core = (((x - np.float32(center[0])) / half[0]) ** 2 + ((y - np.float32(center[1])) / half[1]) ** 2) * wobble < 1
    tone = _matte(grey, rng, speckle) * np.float32(rng.uniform(0.5, 0.9))
    return _soften(grey, core, tone, rng.uniform(0.8, 2.0), reach=2)


def _uneven(grey: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A part that the wheel took more from or less: another brightness, other marks, and a border across the marks."""
    height, width = grey.shape
    tilt, wave = rng.uniform(-0.12, 0.12) * height, rng.uniform(0, 0.02) * height
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    border = np.float32(tilt) * across + np.float32(wave) * smooth_noise((1, width), (1, 6), rng)
    rows = np.arange(height, dtype=np.float32)[:, None] - border
    first, last = 0.0, rng.uniform(0.08, 0.5) * height
    if rng.random() < 0.35:
        first = rng.uniform(0.15, 0.5) * height
        last += first
    inside = (rows >= first) & (rows < last) if first else rows < last
    if rng.random() < 0.5:
        inside = inside[::-1]
    if rng.random() < 0.35:
        # The wheel ran out before it came to the side.
        left, right = rng.uniform(0, 0.3) * width, rng.uniform(0.7, 1) * width
        columns = np.arange(width, dtype=np.float32)[None, :]
        inside = inside & (columns >= left) & (columns < right)
    gain = rng.uniform(1.08, 1.7) if rng.random() < 0.7 else rng.uniform(0.6, 0.92)
    marks = np.exp(np.float32(rng.uniform(0.03, 0.12)) * streaks(grey.shape, rng))
    return _soften(grey, inside, grey * np.float32(gain) * marks, rng.uniform(0.5, 2.0))


Drawer = Callable[[np.ndarray, np.random.Generator], tuple[np.ndarray, np.ndarray]]

DRAWERS: dict[TileDefect, Drawer] = {
    TileDefect.BLOWHOLE: _blowhole,
    TileDefect.BREAK: _break,
    TileDefect.CRACK: _crack,
    TileDefect.FRAY: _fray,
    TileDefect.UNEVEN: _uneven,
}
"""From a tile, float32 [H, W], to a defect's mask, bool [H, W], and the tile with the defect, float32 [H, W]."""


def _soften(
    grey: np.ndarray, core: np.ndarray, tone: np.ndarray, sigma: float, reach: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """The mask, `reach` pixels around the core, and `tone` blended into the tile with a border of about `sigma`."""
    mask = cv2.dilate(core.astype(np.uint8), NEIGHBOURHOOD, iterations=reach) > 0
    cover = cv2.GaussianBlur(core.astype(np.float32), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return mask, grey + cover * (tone - grey)


def _matte(grey: np.ndarray, rng: np.random.Generator, speckle: float) -> np.ndarray:
    """The tile's brightness without its grinding marks, mottled: float32 [H, W]."""
    mottle = cv2.GaussianBlur(rng.standard_normal(grey.shape, dtype=np.float32), (0, 0), 0.8) * np.float32(2.0)
    mottle += smooth_noise(grey.shape, (8, 8), rng)
    return cv2.blur(grey, (31, 31)) * (1 + np.float32(speckle) * mottle)


def _stamp_at(stamp: np.ndarray, center: tuple[int, int], shape: tuple[int, int]) -> np.ndarray:
    """A stamp, uint8 [2S + 1, 2S + 1], around a center (row, column) on a plane: uint8 [H, W]."""
    half = stamp.shape[0] // 2
    plane = np.zeros((shape[0] + 2 * half, shape[1] + 2 * half), np.uint8)
    plane[center[0] : center[0] + 2 * half + 1, center[1] : center[1] + 2 * half + 1] = stamp
    return plane[half : half + shape[0], half : half + shape[1]]


def _anywhere(shape: tuple[int, int], margin: int, rng: np.random.Generator) -> tuple[int, int]:
    """A row and a column at least `margin` pixels from the picture's sides."""
    return tuple(int(rng.integers(margin, side - margin)) for side in shape)


def _from_side(shape: tuple[int, int], side: str) -> tuple[np.ndarray, np.ndarray]:
    """Distance of pixels from a side of the picture, and their place along it: float32, together [H, W]."""
    height, width = shape
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None, :]
    if side in ("top", "bottom"):
        return (rows if side == "top" else height - 1 - rows), columns
    return (columns if side == "left" else width - 1 - columns), rows
