"""Where a semantic model should stand between missed defects and false alarms."""

from dataclasses import dataclass, replace
from typing import Callable, Sequence

import numpy as np

from training.data.tiles import CLASSES, Tile
from training.metrics.semantic import count_pixels, semantic_figures

OFFSETS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
AREAS = (1, 20, 40, 60, 80, 100)
MOST_FREE_MARKED = 0.04
"""Part of the sound images that may be marked. Each one stops a line for nothing."""


@dataclass(frozen=True)
class SemanticPoint:
    """An operating point and what it gives."""

    background_offset: float
    min_region_area: int
    mean_iou: float = 0.0
    free_marked: float = 0.0


def best_point(predict: Callable[[SemanticPoint], list[np.ndarray]], tiles: Sequence[Tile]) -> SemanticPoint:
    """Of all pairs of `OFFSETS` and `AREAS` the one of best mean IoU among those that mark at most `MOST_FREE_MARKED` of
    the sound tiles; where all mark more, the one that marks fewest. Among equals the first.

    predict: the tiles' label maps at an operating point.
    """
    points = [
        _measured(SemanticPoint(offset, area), predict, tiles) for offset in OFFSETS for area in AREAS
    ]
    fewest = max(MOST_FREE_MARKED, min(point.free_marked for point in points))
    return max((point for point in points if point.free_marked <= fewest), key=lambda point: point.mean_iou)


def _measured(
    point: SemanticPoint, predict: Callable[[SemanticPoint], list[np.ndarray]], tiles: Sequence[Tile]
) -> SemanticPoint:
    free = [tile.kind == 0 for tile in tiles]
    counts = count_pixels(predict(point), [tile.label for tile in tiles], free, len(CLASSES) - 1)
    figures = semantic_figures(counts, CLASSES[1:], np.ones((1, len(tiles)), np.int64))
    return replace(point, mean_iou=float(figures["mean_iou"][0]), free_marked=float(figures["free_marked"][0]))
