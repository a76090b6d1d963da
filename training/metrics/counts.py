"""What was found, missed and invented at one score threshold, in numbers that add up over images."""

from dataclasses import astuple, dataclass

import numpy as np


@dataclass(frozen=True)
class Counts:
    """Arrays of one shape: by image, [N], or, added up, by resample of the images, [R]."""

    true_positives: np.ndarray
    false_positives: np.ndarray
    false_negatives: np.ndarray
    outlined: np.ndarray
    """True positives whose mask can be compared with the object's."""
    iou_sum: np.ndarray
    """Mask IoU, added up over the outlined ones."""
    dice_sum: np.ndarray

    def weighted(self, weights: np.ndarray) -> "Counts":
        """Sums over the images, which each of R resamples counts `weights[R, N]` times: arrays [R]."""
        return Counts(*(weights @ by_image for by_image in astuple(self)))

    @property
    def precision(self) -> np.ndarray:
        """Part of the predictions that are true; 1 where there are none."""
        return _part(self.true_positives, self.true_positives + self.false_positives, 1.0)

    @property
    def recall(self) -> np.ndarray:
        """Part of the objects that were found; 1 where there are none."""
        return _part(self.true_positives, self.true_positives + self.false_negatives, 1.0)

    @property
    def f1(self) -> np.ndarray:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        twice = 2 * self.true_positives
        return _part(twice, twice + self.false_positives + self.false_negatives, 1.0)

    @property
    def mask_iou(self) -> np.ndarray:
        """Mean over the outlined true positives; NaN without any."""
        return _part(self.iou_sum, self.outlined, np.nan)

    @property
    def mask_dice(self) -> np.ndarray:
        """Mean over the outlined true positives; NaN without any."""
        return _part(self.dice_sum, self.outlined, np.nan)


def _part(part: np.ndarray, whole: np.ndarray, without: float) -> np.ndarray:
    return np.divide(part, whole, out=np.full(np.shape(whole), without), where=np.asarray(whole) > 0)
