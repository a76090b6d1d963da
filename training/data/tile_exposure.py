"""Another exposure of a tile: only grey values change, nothing moves."""

import cv2
import numpy as np

from training.generator.camera import illumination, line_gain
from training.generator.tile_surface import smooth_noise

LOG_GAIN = 0.45
"""The same tile was taken at six exposures; this goes a little beyond them."""
MEAN = (35.0, 190.0)
"""What a gain takes the mean grey to at most: beyond, the picture is black or white."""
GAMMA = (0.75, 1.35)
CONTRAST = (0.75, 1.3)
CLOUDS = 0.12
BLUR_PROBABILITY = 0.25
BLUR_SIGMA = (0.3, 1.0)
NOISE_SIGMA = (0.0, 5.0)


def expose(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Other light, lens and sensor: float32 [H, W], 0..255, to the same."""
    shape = grey.shape
    level = max(float(grey.mean()), 1.0)
    grey = level + np.float32(rng.uniform(*CONTRAST)) * (grey - level)
    grey = np.float32(255) * (grey.clip(0, 255) / np.float32(255)) ** np.float32(rng.uniform(*GAMMA))
    level = max(float(grey.mean()), 1.0)
    grey *= np.float32(np.clip(np.exp(rng.uniform(-LOG_GAIN, LOG_GAIN)), MEAN[0] / level, MEAN[1] / level))
    grey *= illumination(shape, rng)
    grey *= 1 + np.float32(rng.uniform(0, CLOUDS)) * smooth_noise(shape, (2, 3), rng)
    grey *= line_gain(shape[1], rng)[None, :]
    if rng.random() < BLUR_PROBABILITY:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(*BLUR_SIGMA))
    grey += np.float32(rng.uniform(*NOISE_SIGMA)) * rng.standard_normal(shape, dtype=np.float32)
    return grey.clip(0, 255)
