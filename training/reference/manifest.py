"""The part of a model package's manifest that the pipeline reads."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Input:
    """Input of stage 1: [1, channels, height, width], normalised as (v - mean) / std."""

    width: int
    height: int
    channels: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    letterbox_value: int


@dataclass(frozen=True)
class Head:
    """An anchor head: raw output [1, A * (5 + C), H / stride, W / stride]; anchors are (width, height) in pixels."""

    stride: int
    anchors: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Detection:
    """Thresholds and limits of decoding and non-maximum suppression."""

    heads: tuple[Head, ...]
    candidate_min_score: float
    max_candidates: int
    nms_iou_threshold: float
    detect_min_score: float
    detect_and_segment_min_score: float
    default_max_defects: int
    max_rois: int


@dataclass(frozen=True)
class RegionInput:
    """What RoIAlign takes from one source; `source` is "features" or "image"."""

    source: str
    spatial_scale: float
    output_size: int
    sampling_ratio: int
    unshuffle: int


@dataclass(frozen=True)
class Refinement:
    """How stage 2's outputs change a candidate; `score` is "geometricMean" or "stage1"."""

    mask_size: int
    mask_threshold: float
    delta_weights: tuple[float, float, float, float]
    log_scale_clamp: float
    score: str


@dataclass(frozen=True)
class Semantic:
    """Output of a semantic model: a pixel's class is that of its largest logit."""

    background_class: int
    background_offset: float = 0.0
    """Added to the background's logit before the largest is taken."""
    min_region_area: int = 1
    """Smaller regions are background; pixels of the image."""


@dataclass(frozen=True)
class Manifest:
    """The manifest of a detector, alone or with a second stage, or of a semantic model."""

    folder: Path
    precision: str
    """Of `PRECISIONS`: which of the package's files run."""
    reference: str
    """name/version"""
    architecture: str
    tasks: tuple[str, ...]
    """Of "detect", "segment" and "detectAndSegment"."""
    stage1: Path
    stage2: Path | None
    classes: tuple[str, ...]
    input: Input
    detection: Detection | None
    """None for a semantic model."""
    regions: tuple[RegionInput, ...]
    """Empty for a detector alone."""
    refinement: Refinement | None
    semantic: Semantic | None
    """None for a detector."""


ARCHITECTURES = ("ymasknet", "yolov5", "unet")
PRECISIONS = ("fp32", "int8")


class ManifestError(ValueError):
    """A package cannot be used; the message names the file."""


def load_manifest(folder: Path, precision: str = "fp32") -> Manifest:
    """Reads `model.json` in `folder` and checks the SHA-256 of the files that run in `precision`. Raises `ManifestError`."""
    path = Path(folder) / "model.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ManifestError(f"{path}: {error}") from error
    architecture = document["architecture"]
    if architecture not in ARCHITECTURES:
        raise ManifestError(f"{path}: architecture {architecture} is not one of {', '.join(ARCHITECTURES)}")
    files = _files(path, document["files"], precision)
    return Manifest(
        folder=path.parent,
        precision=precision,
        reference=f"{document['name']}/{document['version']}",
        architecture=architecture,
        tasks=tuple(document["tasks"]),
        stage1=files["stage1"],
        stage2=files.get("stage2"),
        classes=tuple(document["classes"]),
        input=_input(document["input"]),
        detection=_detection(document["detection"]) if "detection" in document else None,
        regions=tuple(_region_input(entry) for entry in document.get("regions", {}).get("inputs", [])),
        refinement=_refinement(document["refinement"]) if "refinement" in document else None,
        semantic=_semantic(document["semantic"]) if "semantic" in document else None,
    )


def _semantic(section: dict) -> Semantic:
    return Semantic(section["backgroundClass"], section.get("backgroundOffset", 0.0), section.get("minRegionArea", 1))


def _files(path: Path, entries: list[dict], precision: str) -> dict[str, Path]:
    """The file of each role: that of the precision, or the float one where the role has no other."""
    by_precision = {name: {} for name in PRECISIONS}
    for entry in entries:
        name = entry.get("precision", "fp32")
        if name not in by_precision:
            raise ManifestError(f"{path}: precision {name} is not one of {', '.join(PRECISIONS)}")
        by_precision[name][entry["role"]] = entry
    if not by_precision[precision]:
        raise ManifestError(f"{path}: no file has the precision {precision}")
    chosen = by_precision["fp32"] | by_precision[precision]
    return {role: _checked(path.parent, entry) for role, entry in chosen.items()}


def _checked(folder: Path, entry: dict) -> Path:
    path = folder / entry["path"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
        raise ManifestError(f"{path}: its SHA-256 is not the manifest's")
    return path


def _input(section: dict) -> Input:
    return Input(
        section["width"],
        section["height"],
        {"gray": 1, "rgb": 3}[section["channels"]],
        tuple(section["mean"]),
        tuple(section["std"]),
        section["letterboxValue"],
    )


def _detection(section: dict) -> Detection:
    return Detection(
        tuple(Head(head["stride"], tuple(map(tuple, head["anchors"]))) for head in section["heads"]),
        section["candidateMinScore"],
        section["maxCandidates"],
        section["nmsIouThreshold"],
        section["detectMinScore"],
        section["detectAndSegmentMinScore"],
        section["defaultMaxDefects"],
        section["maxRois"],
    )


def _region_input(section: dict) -> RegionInput:
    return RegionInput(
        section["source"],
        section["spatialScale"],
        section["outputSize"],
        section["samplingRatio"],
        section["unshuffle"],
    )


def _refinement(section: dict) -> Refinement:
    return Refinement(
        section["maskSize"],
        section["maskThreshold"],
        tuple(section["deltaWeights"]),
        section["logScaleClamp"],
        section["score"],
    )
