"""What stands on one image: ground truth or predictions."""

from dataclasses import dataclass, field

import numpy as np

from .masks import CroppedMask


@dataclass(frozen=True)
class Instances:
    """K objects of one image."""

    boxes: np.ndarray
    """float64 [K, 4]: x1, y1, x2, y2 in pixels."""
    classes: np.ndarray
    """int64 [K], index into the classes."""
    scores: np.ndarray
    """float64 [K]; 1 for ground truth."""
    masks: list[CroppedMask] | None = field(default=None)
    """K masks; None where they were not asked for."""

    def __len__(self) -> int:
        return len(self.classes)

    def of_class(self, class_index: int) -> "Instances":
        """The objects of one class alone."""
        rows = np.flatnonzero(self.classes == class_index)
        masks = None if self.masks is None else [self.masks[row] for row in rows]
        return Instances(self.boxes[rows], self.classes[rows], self.scores[rows], masks)


def box_areas(boxes: np.ndarray) -> np.ndarray:
    """Areas [K] of boxes [K, 4]."""
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def pairwise_box_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of every box of `first` [M, 4] with every one of `second` [K, 4]: [M, K]; 0 where the union is empty."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = (high - low).clip(min=0).prod(-1)
    union = box_areas(first)[:, None] + box_areas(second)[None] - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)
