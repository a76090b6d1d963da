"""Predictions beside their ground truth, matched once for all the figures taken from them."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from .counts import Counts
from .deeppcb import deeppcb_counts, deeppcb_matches
from .ground_truth import GroundTruth
from .instances import Instances
from .masks import from_box
from .matches import ClassMatches, match_classes
from .operating_point import count


class Measurement:
    """Matches and counts of predictions, each made when it is first asked for."""

    def __init__(
        self, predictions: dict[str, Instances], truth: GroundTruth, min_score: float, box_masks: bool = False
    ):
        """Raises `ValueError` where the predictions are not of exactly the annotated images.

        min_score: the threshold of everything that is counted. box_masks: every prediction's mask is its filled box.
        """
        missing, extra = truth.images.keys() - predictions.keys(), predictions.keys() - truth.images.keys()
        if missing or extra:
            raise ValueError(f"predictions lack {_some(missing)} and have {_some(extra)} that the ground truth lacks")
        self.classes = truth.classes
        self.min_score = min_score
        self._truths = list(truth.images.values())
        self._predictions = [predictions[name] for name in truth.images]
        if box_masks:
            sizes = [truth.sizes[name] for name in truth.images]
            self._predictions = [_fill(boxes, *size) for boxes, size in zip(self._predictions, sizes, strict=True)]
        self._has_masks = all(instances.masks is not None for instances in self._predictions)

    @property
    def image_count(self) -> int:
        """N, the number of images."""
        return len(self._truths)

    @property
    def each_once(self) -> np.ndarray:
        """The weights, int64 [1, N], that count every image once."""
        return np.ones((1, self.image_count), np.int64)

    @cached_property
    def boxes(self) -> list[ClassMatches]:
        """Matches of boxes."""
        return self._match()

    @cached_property
    def masks(self) -> list[ClassMatches] | None:
        """Matches of masks; None where a prediction has none."""
        return self._match(use_masks=True) if self._has_masks else None

    @cached_property
    def small_boxes(self) -> list[ClassMatches]:
        """Matches of boxes, small objects alone."""
        return self._match(small_only=True)

    @cached_property
    def small_masks(self) -> list[ClassMatches] | None:
        """Matches of masks, small objects alone; None where a prediction has none."""
        return self._match(use_masks=True, small_only=True) if self._has_masks else None

    @cached_property
    def deeppcb(self) -> list[ClassMatches]:
        """Matches by the protocol of the DeepPCB paper."""
        return deeppcb_matches(self._predictions, self._truths, len(self.classes))

    @cached_property
    def counts(self) -> Counts:
        """Counts at the threshold, by image."""
        return count(self._predictions, self._truths, self.min_score)

    @cached_property
    def small_counts(self) -> Counts:
        """Counts at the threshold, by image, small objects alone."""
        return count(self._predictions, self._truths, self.min_score, small_only=True)

    @cached_property
    def class_counts(self) -> list[Counts]:
        """Counts at the threshold, by image, one entry per class."""
        return [
            count(
                [instances.of_class(class_index) for instances in self._predictions],
                [instances.of_class(class_index) for instances in self._truths],
                self.min_score,
            )
            for class_index in range(len(self.classes))
        ]

    @cached_property
    def deeppcb_counts(self) -> Counts:
        """Counts at the threshold, by image, by the protocol of the DeepPCB paper."""
        return deeppcb_counts(self._predictions, self._truths, self.min_score)

    def _match(self, use_masks: bool = False, small_only: bool = False) -> list[ClassMatches]:
        return match_classes(self._predictions, self._truths, len(self.classes), use_masks, small_only)


def _fill(instances: Instances, width: int, height: int) -> Instances:
    return replace(instances, masks=[from_box(box, width, height) for box in instances.boxes])


def _some(names: set[str]) -> str:
    if not names:
        return "no image"
    return f"{len(names)} image(s) ({', '.join(sorted(names)[:5])}{', …' if len(names) > 5 else ''})"
