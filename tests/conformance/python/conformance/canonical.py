"""Answers as lines of text that hold all that a client gives, to the bit, but for the times."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Iterable, List, Optional

import numpy as np

from ymasknet import (
    BoardAnswer,
    Box,
    Defect,
    Execution,
    FrameResult,
    ImageSize,
    InspectionAnswer,
    InspectionError,
    Mask,
    Model,
    ModelReference,
    Region,
    SegmentationAnswer,
)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


def inspection(answer: InspectionAnswer) -> List[str]:
    """Lines of an answer of `detect` or `inspect`."""
    return [*_head(answer.image_size, answer.model, answer.execution), *(_defect("defect", d) for d in answer.defects)]


def segmentation(answer: SegmentationAnswer) -> List[str]:
    """Lines of an answer of `segment`."""
    lines = _head(answer.image_size, answer.model, answer.execution)
    lines += (_defect("instance", instance) for instance in answer.instances)
    lines += (_region(region) for region in answer.regions)
    if answer.class_map_png:
        lines.append(f"classmap {answer.class_map_png.hex()}")
    return lines


def board(answer: BoardAnswer) -> List[str]:
    """Lines of an answer of `inspect_board`."""
    tiling = answer.tiling
    lines = _head(answer.image_size, answer.model, answer.execution)
    lines.append(f"tiles {tiling.tile_count} of {_size(tiling.tile_size)} overlap {tiling.overlap}")
    lines += (_defect("defect", defect) for defect in answer.defects)
    lines += (_region(region) for region in answer.regions)
    return lines


def frame(result: FrameResult) -> List[str]:
    """Lines of the answer to a frame."""
    captured = "-" if result.capture_time is None else (result.capture_time - _EPOCH) // dt.timedelta(microseconds=1)
    rejecting = ",".join(map(str, result.rejecting))
    lines = [
        f"frame {result.frame_id} {result.verdict.name} part={result.part_id} captured={captured} rejecting={rejecting}"
    ]
    if result.image_size is not None:
        lines.append(f"image {_size(result.image_size)}")
    if result.execution is not None:
        lines.append(_ran(result.execution))
    if result.error is not None:
        lines.append(error(result.error))
    lines += (_defect("defect", defect) for defect in result.defects)
    lines += (_region(region) for region in result.regions)
    return lines


def opened(reference: ModelReference, in_flight: int) -> List[str]:
    """Lines of a session's opening."""
    return [*_model(reference), f"in-flight {in_flight}"]


def model(described: Model) -> List[str]:
    """Lines of what is known of a model."""
    return [
        *_model(described.reference),
        f"architecture {described.architecture}",
        f"description {described.description}",
        f"tasks {','.join(task.name for task in described.tasks)}",
        f"input {_size(described.input_size)} channels {described.input_channels}",
        f"classes {','.join(described.class_names)}",
        f"thresholds {_floats(described.detect_min_score, described.detect_and_segment_min_score, described.nms_iou_threshold)}",
        f"most {described.default_max_defects} {described.max_rois}",
        *(f"manifest {file.path} {file.sha256} {file.size_bytes} {file.precision}" for file in described.files),
        *(f"provenance {key}={value}" for key, value in sorted(described.provenance.items())),
        *(f"accuracy {key}={struct.pack('>d', value).hex()}" for key, value in sorted(described.accuracy.items())),
        f"ran {described.execution_provider} {described.device} {described.precision}",
    ]


def error(failure: InspectionError) -> str:
    """The line of a failure. Without a reason the message is gRPC's own, and each library's another."""
    message = failure.message if failure.reason else "-"
    return f"error {failure.status.name} {failure.reason or '-'} {failure.field or '-'} {message}"


def _head(size: ImageSize, reference: ModelReference, execution: Execution) -> List[str]:
    return [f"image {_size(size)}", *_model(reference), _ran(execution)]


def _model(reference: ModelReference) -> List[str]:
    return [f"model {reference.name}/{reference.version}", f"manifest {reference.sha256}"]


def _ran(execution: Execution) -> str:
    return f"ran {execution.execution_provider} {execution.device} {execution.precision}"


def _size(size: ImageSize) -> str:
    return f"{size.width}x{size.height}"


def _defect(name: str, defect: Defect) -> str:
    area = 0 if defect.mask is None else defect.mask.area
    found = f"{name} {defect.class_id} {defect.class_name} score={_floats(defect.score)} box={_box(defect.box)}"
    return f"{found} area={area} {_mask(defect.mask)}"


def _region(region: Region) -> str:
    centroid = _floats(region.centroid.x, region.centroid.y)
    found = (
        f"region {region.class_id} {region.class_name} area={region.area} box={_box(region.box)} centroid={centroid}"
    )
    return f"{found} {_mask(region.mask)}"


def _mask(mask: Optional[Mask]) -> str:
    """The smallest rectangle around the mask, and its rows as bits, the left-most pixel the highest of a byte."""
    if mask is None or mask.encoding is None:
        return "mask=none"
    bounds = mask.bounds
    rows = np.packbits(mask.pixels, axis=1).tobytes().hex()
    return f"mask={bounds.x},{bounds.y},{bounds.width},{bounds.height}:{rows}"


def _box(box: Box) -> str:
    return _floats(box.x, box.y, box.width, box.height)


def _floats(*values: float) -> str:
    return ",".join("f" + struct.pack(">f", value).hex() for value in values)


def all_of(parts: Iterable[List[str]]) -> List[str]:
    """The lines of several parts."""
    return [line for part in parts for line in part]
