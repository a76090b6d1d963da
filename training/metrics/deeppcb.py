"""The protocol of the DeepPCB paper (Tang et al., arXiv 1902.06197), by which results on that data set are published.

A detection is correct if its IoU with a true box of its class, not yet matched, is larger than 0.33. mAP is the mean
over the classes of average precision at that IoU; the F-score is 2 P R / (P + R) at a score threshold at that IoU.
"""

import numpy as np

from .average_precision import mean_of_known
from .counts import Counts
from .curves import envelope_area
from .instances import Instances
from .matches import ClassMatches, match_classes
from .operating_point import count

MIN_IOU = float(np.nextafter(0.33, 1.0))
"""The least IoU that is larger than 0.33: the paper excludes what the matching would include."""


def deeppcb_matches(predictions: list[Instances], truths: list[Instances], class_count: int) -> list[ClassMatches]:
    """Matches at the paper's IoU, however many detections an image has."""
    return match_classes(predictions, truths, class_count, thresholds=np.array([MIN_IOU]), max_detections=None)


def deeppcb_map(matches: list[ClassMatches], weights: np.ndarray) -> np.ndarray:
    """The paper's mAP of each of R resamples, which count the images `weights[R, N]` times: [R].

    AP here is the area under the whole curve under its falling envelope, PASCAL VOC's since 2010, as the paper has it;
    not the mean over COCO's 101 recall points that every other AP of this package is. A class without true objects is
    left out.
    """
    areas = [
        envelope_area(of_class.outcomes[0], weights[:, of_class.images], weights @ of_class.positives)
        for of_class in matches
    ]
    return mean_of_known(np.stack(areas, 1), 1)


def deeppcb_counts(predictions: list[Instances], truths: list[Instances], min_score: float) -> Counts:
    """Counts by image at the paper's IoU; their `f1` is the paper's F-score."""
    return count(predictions, truths, min_score, MIN_IOU)
