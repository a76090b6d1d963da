"""Requests as they go over the wire."""

from __future__ import annotations

from typing import Iterable, Optional

from ymasknet import recipes
from ymasknet.enums import FramePolicy, MaskFormat, Priority, Task, number_of
from ymasknet.frames import RoiLike, roi_messages
from ymasknet.images import Image, whole_number
from ymasknet.v1 import inspection_service_pb2 as wire


def detect(image: Image, model: str, options: Optional[wire.DetectionOptions]) -> wire.DetectRequest:
    """The request of Detect."""
    request = wire.DetectRequest(model=model, options=options)
    image.write_to(request.image)
    return request


def segment(
    image: Image,
    rois: Iterable[RoiLike],
    model: str,
    mask_format: MaskFormat,
    include_class_map: bool,
    min_region_area: Optional[int],
) -> wire.SegmentRequest:
    """The request of Segment."""
    request = wire.SegmentRequest(
        rois=roi_messages(rois),
        model=model,
        mask_format=number_of(MaskFormat, mask_format),
        include_class_map=include_class_map,
    )
    if min_region_area is not None:
        request.min_region_area = whole_number("min_region_area", min_region_area, 0)
    image.write_to(request.image)
    return request


def inspect(
    image: Image, model: str, options: Optional[wire.DetectionOptions], mask_format: MaskFormat
) -> wire.DetectAndSegmentRequest:
    """The request of DetectAndSegment."""
    request = wire.DetectAndSegmentRequest(model=model, options=options, mask_format=number_of(MaskFormat, mask_format))
    image.write_to(request.image)
    return request


def detection_options(
    min_score: Optional[float], nms_iou_threshold: Optional[float], max_defects: Optional[int]
) -> Optional[wire.DetectionOptions]:
    """Filters on detections; `None` where none is set."""
    if min_score is None and nms_iou_threshold is None and max_defects is None:
        return None
    options = wire.DetectionOptions()
    if min_score is not None:
        options.min_score = min_score
    if nms_iou_threshold is not None:
        options.nms_iou_threshold = nms_iou_threshold
    if max_defects is not None:
        options.max_defects = whole_number("max_defects", max_defects, 0)
    return options


def session_opening(
    task: Task,
    model: str,
    options: Optional[wire.DetectionOptions],
    mask_format: MaskFormat,
    frame_policy: FramePolicy,
    max_frames_in_flight: Optional[int],
    priority: Priority,
    recipe: Optional[recipes.Recipe],
) -> wire.InspectStreamRequest:
    """The message that opens a session."""
    opening = wire.SessionOpening(
        task=number_of(Task, task),
        model=model,
        options=options,
        mask_format=number_of(MaskFormat, mask_format),
        frame_policy=number_of(FramePolicy, frame_policy),
        priority=number_of(Priority, priority),
        recipe=None if recipe is None else recipes.to_message(recipe),
    )
    if max_frames_in_flight is not None:
        opening.max_frames_in_flight = whole_number("max_frames_in_flight", max_frames_in_flight, 1)
    return wire.InspectStreamRequest(opening=opening)
