"""The ground surface of a magnetic tile without defects, as a camera shows it.

The look is that of the public magnetic-tile pictures: marks of the grinding wheel from top to bottom, here and there
glinting; uneven light; dark sides that the picture just catches, often with a bright chamfer; faint stains.
"""

from typing import NamedTuple

import cv2
import numpy as np

from training.generator.strokes import bent_line, blob


class Format(NamedTuple):
    """Ranges of a tile picture's sides in pixels."""

    widths: tuple[int, int]
    heights: tuple[int, int]
    share: float
    """How often it occurs."""


FORMATS = (
    Format((110, 200), (240, 320), 0.25),
    Format((210, 300), (250, 380), 0.4),
    Format((450, 620), (235, 370), 0.35),
)
LEVEL = (60.0, 165.0)
"""Mean grey."""
GRAIN = (0.015, 0.045)
"""Standard deviation of a pixel's own noise as part of its level."""


def draw_surface(rng: np.random.Generator) -> np.ndarray:
    """A tile of random size without defects, uint8 [H, W]."""
    of_format = FORMATS[rng.choice(len(FORMATS), p=[of_format.share for of_format in FORMATS])]
    shape = int(rng.integers(*of_format.heights)), int(rng.integers(*of_format.widths))
    grey = np.float32(rng.uniform(*LEVEL)) * _light(shape, rng) * _grinding(shape, rng) * _stains(shape, rng)
    grey *= _sides(shape, rng)
    grey *= 1 + np.float32(rng.uniform(*GRAIN)) * rng.standard_normal(shape, dtype=np.float32)
    return np.rint(grey).clip(0, 255).astype(np.uint8)


def smooth_noise(shape: tuple[int, int], cells: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Noise that varies smoothly over `cells` (rows, columns) across the picture: float32 [H, W], about -1..1."""
    knots = rng.standard_normal((cells[0] + 1, cells[1] + 1), dtype=np.float32)
    return cv2.resize(knots, shape[::-1], interpolation=cv2.INTER_CUBIC) * np.float32(0.6)


def streaks(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Marks from top to bottom that come and go, of different widths: float32 [H, W], standard deviation about 1."""
    height, width = shape
    rows = max(2, height // 50)
    total = np.zeros(shape, np.float32)
    for columns, weight in ((width, 0.7), (width // 3, 0.5), (width // 12, 0.4)):
        knots = rng.standard_normal((1, columns), dtype=np.float32) * np.float32(0.8)
        knots = knots + rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(0.6)
        total += np.float32(weight) * cv2.resize(knots, (width, height), interpolation=cv2.INTER_LINEAR)
    return total


def _light(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gains float32 [H, W] around 1: a curved fall-off to the sides, a slope along the marks, clouds."""
    height, width = shape
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] - np.float32(rng.uniform(-0.4, 0.4))
    along = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall_off = 1 - np.float32(rng.uniform(0.05, 0.45)) * across**2
    slope = 1 + np.float32(rng.uniform(-0.15, 0.2)) * along
    clouds = np.exp(np.float32(rng.uniform(0.05, 0.2)) * smooth_noise(shape, (2, 3), rng))
    return np.maximum(fall_off * slope * clouds, np.float32(0.1))


def _grinding(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gains float32 [H, W] of the grinding marks and of the dashes that glint in them."""
    marks = streaks(shape, rng)
    gain = np.exp(np.float32(rng.uniform(0.04, 0.09)) * marks)
    dashes = cv2.blur(rng.standard_normal(shape, dtype=np.float32), (1, 5))
    glint = np.clip(marks + 1.5 * dashes + 0.8 * smooth_noise(shape, (3, 4), rng) - 1.6, 0, 2)
    return gain + np.float32(rng.uniform(0.1, 0.35)) * glint


def _stains(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gains float32 [H, W] of what is no defect: faint spots and scratches."""
    gain = np.ones(shape, np.float32)
    for _ in range(rng.integers(0, 6)):
        spot = blob(rng.uniform(3, 14), rng.uniform(1, 3), rng)
        depth = np.float32(rng.uniform(0.03, 0.12))
        _multiply(gain, 1 - depth * cv2.GaussianBlur(spot.astype(np.float32), (0, 0), 2.0), rng)
    for _ in range(rng.integers(0, 4)):
        end = rng.uniform(-40, 40, 2)
        scratch = bent_line(-end, end, 1, rng).astype(np.float32)
        _multiply(gain, 1 + np.float32(rng.uniform(-0.12, 0.12)) * cv2.GaussianBlur(scratch, (0, 0), 0.8), rng)
    return gain


def _multiply(gain: np.ndarray, stamp: np.ndarray, rng: np.random.Generator) -> None:
    """Multiplies a stamp into `gain` at a random place, what reaches over the border cut off."""
    half = stamp.shape[0] // 2
    y, x = (int(rng.integers(side)) for side in gain.shape)
    top, left = max(y - half, 0), max(x - half, 0)
    window = gain[top : y + half + 1, left : x + half + 1]
    window *= stamp[top - y + half :, left - x + half :][: window.shape[0], : window.shape[1]]


def _sides(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gains float32 [H, W]: what the picture shows beside the ground surface is dark, a chamfer bright."""
    height, width = shape
    gain = np.ones(shape, np.float32)
    columns, rows = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    for distance in (columns, width - 1 - columns):
        dark = rng.uniform(0, 5)
        if rng.random() < 0.35:
            chamfer, brightness = rng.uniform(3, 12), rng.uniform(0.2, 0.7)
            gain *= 1 + np.float32(brightness) * _band(distance, dark, dark + chamfer)
            gain *= 1 - np.float32(rng.uniform(0.2, 0.5)) * _band(distance, dark + chamfer, dark + 2 * chamfer)
        gain *= 1 - np.float32(rng.uniform(0.4, 0.85)) * _band(distance, -9, dark)
    for distance in (rows, height - 1 - rows):
        # The ends of a tile are curved, so their dark strip is deeper at the sides or in the middle.
        bow = rng.uniform(-4, 4) * (np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 2 - np.float32(0.5))
        depth = rng.uniform(0, 4) if rng.random() < 0.6 else -9.0
        gain *= 1 - np.float32(0.8) * _band(distance - bow, -99, depth)
    return gain


def _band(distance: np.ndarray, start: float, end: float) -> np.ndarray:
    """1 between `start` and `end`, with soft borders of about two pixels: float32 of the shape of `distance`."""
    return np.clip(distance - np.float32(start), 0, 1) * np.clip(np.float32(end) - distance + 1, 0, 1)
