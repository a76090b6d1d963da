"""One image through both stages."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.metrics.masks import CroppedMask
from training.networks.ymasknet import YMaskNet
from training.networks.yolov5 import Yolov5

from .detection import SMALLEST_SIDE, Candidates, decode, suppress
from .letterbox import Letterbox, place
from .manifest import Manifest
from .masks import paste
from .pixels import load_samples
from .refinement import refined_boxes, refined_scores, softmax
from .regions import region_inputs

REGION_BATCH = 64
"""Regions that go through stage 2 at once; bounds memory, changes no result."""


@dataclass(frozen=True)
class Filter:
    """Filters on detections; None takes the manifest's value."""

    min_score: float | None = None
    nms_iou_threshold: float | None = None
    max_defects: int | None = None


EVERY_CANDIDATE = Filter(min_score=0.001, max_defects=300)
"""What average precision is measured with."""


@dataclass(frozen=True)
class Region:
    """A box of the caller's to outline: x1, y1, x2, y2 in image pixels; a class name or None for the best."""

    box: tuple[float, float, float, float]
    class_name: str | None = None


@dataclass(frozen=True)
class Defect:
    """One defect; box: x1, y1, x2, y2 in image pixels."""

    class_name: str
    score: float
    box: tuple[float, float, float, float]
    mask: CroppedMask | None


@dataclass(frozen=True)
class Inspection:
    """What was found on an image of `width` x `height` pixels."""

    width: int
    height: int
    defects: list[Defect]


@dataclass(frozen=True)
class _Stage1:
    letterbox: Letterbox
    image: Tensor
    heads: list[Tensor]
    features: Tensor | None


@dataclass(frozen=True)
class _Stage2:
    mask_logits: np.ndarray
    class_logits: np.ndarray
    deltas: np.ndarray


class Pipeline:
    """Detect, Segment and DetectAndSegment with a folded network and a package's manifest; the latter two need a second
    stage."""

    def __init__(self, network: YMaskNet | Yolov5, manifest: Manifest):
        self._network = network
        self._manifest = manifest

    @property
    def manifest(self) -> Manifest:
        """The manifest that the pipeline follows."""
        return self._manifest

    def best(self, path: Path, options: Filter = Filter()) -> Inspection:
        """All that the model can do: both stages, or the detector alone."""
        run = self.detect_and_segment if "detectAndSegment" in self._manifest.tasks else self.detect
        return run(path, options)

    def detect(self, path: Path, options: Filter = Filter()) -> Inspection:
        """Stage 1 alone."""
        settings = self._manifest.detection
        stage1 = self._run_stage1(path)
        min_score = settings.detect_min_score if options.min_score is None else options.min_score
        kept = self._candidates(stage1, options, min_score)
        kept = kept.take(kept.scores >= min_score)
        return self._inspection(stage1, kept, stage1.letterbox.to_image(kept.boxes), None)

    def detect_and_segment(self, path: Path, options: Filter = Filter()) -> Inspection:
        """Both stages."""
        settings, refinement = self._manifest.detection, self._manifest.refinement
        stage1 = self._run_stage1(path)
        min_score = settings.detect_and_segment_min_score if options.min_score is None else options.min_score
        floor = min_score**2 if refinement.score == "geometricMean" else min_score
        kept = self._candidates(stage1, options, floor)
        if len(kept) == 0:
            return self._inspection(stage1, kept, kept.boxes, [])
        stage2 = self._run_stage2(stage1, kept.boxes)

        scores = refined_scores(kept.scores, stage2.class_logits, kept.classes, refinement)
        boxes = stage1.letterbox.clip(refined_boxes(kept.boxes, stage2.deltas, refinement))
        large = (boxes[:, 2:] - boxes[:, :2] >= SMALLEST_SIDE).all(1)
        order = np.lexsort((kept.anchors, -scores))
        rows = order[large[order] & (scores[order] >= min_score)]
        masks = self._masks(stage1, stage2, kept.boxes, kept.classes, rows)
        refined = Candidates(boxes, kept.classes, scores, kept.anchors).take(rows)
        return self._inspection(stage1, refined, stage1.letterbox.to_image(refined.boxes), masks)

    def segment(self, path: Path, regions: list[Region]) -> Inspection:
        """Stage 2 on the caller's boxes; one defect for each, in their order."""
        stage1 = self._run_stage1(path)
        letterbox, refinement = stage1.letterbox, self._manifest.refinement
        limits = np.array([letterbox.image_width, letterbox.image_height] * 2, np.float64)
        given = np.array([region.box for region in regions], np.float64).reshape(-1, 4).clip(0, limits)
        boxes = letterbox.to_network(given)
        stage2 = self._run_stage2(stage1, boxes)

        names = self._manifest.classes
        best = stage2.class_logits[:, : len(names)].argmax(1)
        asked = [names.index(region.class_name) if region.class_name else None for region in regions]
        classes = np.array([own if own is not None else best[row] for row, own in enumerate(asked)], np.int64)
        rows = np.arange(len(regions))
        scores = softmax(stage2.class_logits)[rows, classes]
        refined = letterbox.clip(refined_boxes(boxes, stage2.deltas, refinement))
        large = (refined[:, 2:] - refined[:, :2] >= SMALLEST_SIDE).all(1)
        image_boxes = np.where(large[:, None], letterbox.to_image(refined), given)
        masks = self._masks(stage1, stage2, boxes, classes, rows)
        return self._inspection(stage1, Candidates(refined, classes, scores, rows), image_boxes, masks)

    @torch.no_grad()
    def _run_stage1(self, path: Path) -> _Stage1:
        network_input = self._manifest.input
        samples = load_samples(path, network_input.channels)
        letterbox = Letterbox.fit(samples.shape[2], samples.shape[1], network_input)
        image = place(samples, letterbox, network_input)
        output = self._network.stage1(image)
        return _Stage1(letterbox, image, output.heads, output.features)

    def _candidates(self, stage1: _Stage1, options: Filter, floor: float) -> Candidates:
        settings = self._manifest.detection
        iou = settings.nms_iou_threshold if options.nms_iou_threshold is None else options.nms_iou_threshold
        most = settings.default_max_defects if options.max_defects is None else options.max_defects
        found = decode(stage1.heads, settings, stage1.letterbox, floor)
        return suppress(found, settings.max_candidates, iou, most)

    @torch.no_grad()
    def _run_stage2(self, stage1: _Stage1, boxes: np.ndarray) -> _Stage2:
        sources = {"features": stage1.features, "image": stage1.image}
        batches = (boxes[start : start + REGION_BATCH] for start in range(0, len(boxes), REGION_BATCH))
        parts = [self._network.stage2(region_inputs(batch, sources, self._manifest.regions)) for batch in batches]
        fields = (torch.cat([part[index] for part in parts]).double().numpy() for index in range(3))
        return _Stage2(*fields)

    def _masks(self, stage1: _Stage1, stage2: _Stage2, boxes, classes, rows) -> list[CroppedMask]:
        letterbox, threshold = stage1.letterbox, self._manifest.refinement.mask_threshold
        image_boxes = letterbox.to_image(boxes)
        return [
            paste(
                stage2.mask_logits[row, classes[row]],
                image_boxes[row],
                letterbox.image_width,
                letterbox.image_height,
                threshold,
            )
            for row in rows
        ]

    def _inspection(self, stage1: _Stage1, found: Candidates, image_boxes, masks) -> Inspection:
        defects = [
            Defect(
                self._manifest.classes[found.classes[row]],
                float(found.scores[row]),
                tuple(float(value) for value in image_boxes[row]),
                masks[row] if masks is not None else None,
            )
            for row in range(len(found))
        ]
        return Inspection(stage1.letterbox.image_width, stage1.letterbox.image_height, defects)
