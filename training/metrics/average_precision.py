"""COCO's average precision: 101 recall points, IoU .50 to .95, greedy matching, at most 100 detections per class."""

from dataclasses import dataclass

import numpy as np

from .curves import RECALL_POINTS, interpolated_precision
from .instances import Instances
from .matches import IOU_THRESHOLDS, ClassMatches, match_classes

AT_50, AT_75 = 0, 5
"""Positions of IoU 0.50 and 0.75 in `IOU_THRESHOLDS`."""


@dataclass(frozen=True)
class AveragePrecision:
    """AP by class and IoU threshold; a class without ground truth is NaN and left out of the means."""

    table: np.ndarray
    """[classes, 10], or [R, classes, 10] of R resamples of the images; then each mean is an array [R]."""

    def at(self, threshold_index: int) -> float | np.ndarray:
        """Mean over the classes at one of `IOU_THRESHOLDS`."""
        return mean_of_known(self.table[..., threshold_index], 1)

    @property
    def at_50(self) -> float | np.ndarray:
        """AP at IoU 0.50."""
        return self.at(AT_50)

    @property
    def at_75(self) -> float | np.ndarray:
        """AP at IoU 0.75."""
        return self.at(AT_75)

    @property
    def mean(self) -> float | np.ndarray:
        """AP averaged over IoU 0.50 to 0.95."""
        return mean_of_known(self.table, 2)


def average_precision(
    predictions: list[Instances],
    truths: list[Instances],
    class_count: int,
    use_masks: bool = False,
    small_only: bool = False,
) -> AveragePrecision:
    """AP of `predictions` against `truths`; the arguments are those of `match_classes`."""
    matches = match_classes(predictions, truths, class_count, use_masks, small_only)
    return AveragePrecision(weighted_average_precision(matches, np.ones((1, len(truths)), np.int64)).table[0])


def weighted_average_precision(matches: list[ClassMatches], weights: np.ndarray) -> AveragePrecision:
    """AP of each of R resamples, which count the images `weights[R, N]` times."""
    table = np.empty((len(weights), len(matches), len(IOU_THRESHOLDS)))
    for class_index, of_class in enumerate(matches):
        positives = weights @ of_class.positives
        detection_weights = weights[:, of_class.images]
        for column, outcome in enumerate(of_class.outcomes):
            precision = interpolated_precision(outcome, detection_weights, positives)
            table[:, class_index, column] = precision.sum(1) / len(RECALL_POINTS)
    return AveragePrecision(table)


def mean_of_known(values: np.ndarray, axes: int) -> float | np.ndarray:
    """Mean over the last `axes` axes without the NaNs; NaN where nothing else is there."""
    over = tuple(range(-axes, 0))
    known = np.count_nonzero(~np.isnan(values), axis=over)
    # The empty index makes a number of an array without axes.
    return np.where(known > 0, np.nansum(values, axis=over) / np.maximum(known, 1), np.nan)[()]
