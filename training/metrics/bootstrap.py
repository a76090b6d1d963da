"""How far a figure might have come out otherwise with other images: percentile intervals over resampled images.

A resample draws as many images as there are, with replacement. It is kept as how often it counts each image, so a
figure that takes such weights is had for many resamples at once, and nothing is matched again.
"""

from typing import Callable

import numpy as np

WeightedFigures = Callable[[np.ndarray], dict[str, np.ndarray]]
"""From weights, int64 [R, N], to the figures of the R resamples by name, each [R]; NaN where there is none."""

RESAMPLES = 1000
LEVEL = 0.95
SEED = 0
"""Fixed, so that the same predictions give the same intervals."""

BLOCK = 20
"""Resamples at a time: their sums over thousands of detections then stay in the processor's cache."""


def resample(image_count: int, resamples: int, seed: int = SEED) -> np.ndarray:
    """How often each resample counts each image: int64 [resamples, image_count]."""
    if image_count == 0:
        raise ValueError("there are no images to resample")
    return np.random.default_rng(seed).multinomial(image_count, np.full(image_count, 1 / image_count), resamples)


def intervals(
    figures: WeightedFigures, image_count: int, resamples: int = RESAMPLES, level: float = LEVEL, seed: int = SEED
) -> dict[str, tuple[float, float] | None]:
    """(low, high) by the figure's name: the middle `level` of its values; None where no resample gives a value."""
    weights = resample(image_count, resamples, seed)
    blocks = [figures(weights[start : start + BLOCK]) for start in range(0, resamples, BLOCK)]
    values = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return {name: _middle(of_figure, level) for name, of_figure in values.items()}


def _middle(values: np.ndarray, level: float) -> tuple[float, float] | None:
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
