"""Precision over recall, from the detections of one class by falling score.

Images may be weighted: `weights`, int64 [R, D], says how often each of R resamples counts a detection; `positives`,
[R], how many true objects it has. Weights of one give the plain curve. A weight of two gives exactly what the image
gives when it is listed twice, because its copies stand side by side in the order of the scores. (Where two detections
of one image and class share a score, listing would sort their copies otherwise; either order of a tie is right.)
"""

import numpy as np

from .matches import IGNORED, TRUE_POSITIVE

RECALL_POINTS = np.linspace(0.0, 1.0, 101)


def interpolated_precision(outcome: np.ndarray, weights: np.ndarray, positives: np.ndarray) -> np.ndarray:
    """The best precision at each of `RECALL_POINTS` or above, 0 where that recall is never reached: [R, 101].

    outcome: [D], as `ClassMatches` holds it at one threshold. A resample without true objects gives NaN.
    """
    true_positives, envelope = _envelope(outcome, weights)
    result = np.zeros((len(weights), len(RECALL_POINTS)))
    recalls = true_positives / np.maximum(positives, 1)[:, None]
    for row, recall in enumerate(recalls):
        position = np.searchsorted(recall, RECALL_POINTS, side="left")
        reached = position < len(recall)
        result[row, reached] = envelope[row, position[reached]]
    result[positives == 0] = np.nan
    return result


def envelope_area(outcome: np.ndarray, weights: np.ndarray, positives: np.ndarray) -> np.ndarray:
    """Area under the curve whose precision is the best at that recall or above, as PASCAL VOC takes it since 2010: [R].

    The arguments are those of `interpolated_precision`; a resample without true objects gives NaN.
    """
    true_positives, envelope = _envelope(outcome, weights)
    steps = np.diff(true_positives, axis=1, prepend=0)
    areas = (steps * envelope).sum(1) / np.maximum(positives, 1)
    return np.where(positives > 0, areas, np.nan)


def _envelope(outcome: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """True positives so far, and the best precision from there on, at each true positive: both [R, K].

    Recall and the envelope of precision only ever step where a true positive stands, so no other detection is kept.
    """
    true = np.flatnonzero(outcome == TRUE_POSITIVE)
    true_positives = np.cumsum(weights[:, true], axis=1)
    found = np.cumsum(weights * (outcome != IGNORED), axis=1)[:, true]
    precision = true_positives / np.maximum(found, 1)
    return true_positives, np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
