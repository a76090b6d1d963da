"""Answers from the wire as this package's own types."""

from __future__ import annotations

from dataclasses import fields
from enum import IntEnum
from typing import Iterable, Optional, Tuple, Type, TypeVar

from ymasknet.enums import Task, Verdict
from ymasknet.failures import breach, from_frame
from ymasknet.frames import to_datetime
from ymasknet.geometry import Box, ImageSize, Point, Rectangle
from ymasknet.masks import CocoRle, Mask, MaskEncoding, PngPicture, Polygons
from ymasknet.results import (
    BoardAnswer,
    BoardTiling,
    Defect,
    Execution,
    FrameResult,
    InspectionAnswer,
    Model,
    ModelFile,
    ModelList,
    ModelReference,
    NetworkPlacement,
    NodePlacement,
    OperatorPlacement,
    Placement,
    Region,
    SegmentationAnswer,
    StageTimes,
)
from ymasknet.v1 import board_service_pb2 as board_wire
from ymasknet.v1 import geometry_pb2 as geometry_wire
from ymasknet.v1 import inspection_service_pb2 as wire
from ymasknet.v1 import mask_pb2 as mask_wire
from ymasknet.v1 import model_service_pb2 as model_wire
from ymasknet.v1 import results_pb2 as results_wire

_Choice = TypeVar("_Choice", bound=IntEnum)


def detected(message: wire.DetectResponse) -> InspectionAnswer:
    """The answer of Detect."""
    size = image_size(message.image_size)
    return InspectionAnswer(
        defects(message.defects, size), size, model_reference(message.model), execution(message.execution)
    )


def inspected(message: wire.DetectAndSegmentResponse) -> InspectionAnswer:
    """The answer of DetectAndSegment."""
    size = image_size(message.image_size)
    return InspectionAnswer(
        defects(message.defects, size), size, model_reference(message.model), execution(message.execution)
    )


def segmented(message: wire.SegmentResponse) -> SegmentationAnswer:
    """The answer of Segment."""
    size = image_size(message.image_size)
    return SegmentationAnswer(
        defects(message.instances, size),
        regions(message.regions, size),
        message.class_map_png,
        size,
        model_reference(message.model),
        execution(message.execution),
    )


def board(message: board_wire.InspectBoardResponse) -> BoardAnswer:
    """The answer of InspectBoard."""
    size = image_size(message.image_size)
    tiling = message.tiling
    return BoardAnswer(
        defects(message.defects, size),
        regions(message.regions, size),
        size,
        model_reference(message.model),
        execution(message.execution),
        BoardTiling(tiling.tile_count, image_size(tiling.tile_size), tiling.overlap),
    )


def frame_result(message: wire.FrameResult) -> FrameResult:
    """The answer to a frame."""
    size = image_size(message.image_size)
    return FrameResult(
        message.frame_id,
        _choice(Verdict, message.verdict),
        defects(message.defects, size),
        regions(message.regions, size),
        size if message.HasField("image_size") else None,
        execution(message.execution) if message.HasField("execution") else None,
        from_frame(message.error) if message.HasField("error") else None,
        to_datetime(message.capture_time) if message.HasField("capture_time") else None,
        message.part_id,
        tuple(message.rejecting),
    )


def model_list(message: model_wire.ListModelsResponse) -> ModelList:
    """The answer of ListModels."""
    return ModelList(tuple(model(entry) for entry in message.models), message.default_model)


def model(message: model_wire.Model) -> Model:
    """What is known of a model."""
    return Model(
        reference=model_reference(message.reference),
        architecture=message.architecture,
        description=message.description,
        tasks=tuple(_choice(Task, task) for task in message.tasks),
        input_size=image_size(message.input_size),
        input_channels=message.input_channels,
        class_names=tuple(message.class_names),
        detect_min_score=message.detect_min_score,
        detect_and_segment_min_score=message.detect_and_segment_min_score,
        nms_iou_threshold=message.nms_iou_threshold,
        default_max_defects=message.default_max_defects,
        max_rois=message.max_rois,
        files=tuple(ModelFile(file.path, file.sha256, file.size_bytes, file.precision) for file in message.files),
        provenance=dict(message.provenance),
        accuracy=dict(message.accuracy),
        execution_provider=message.execution_provider,
        device=message.device,
        precision=message.precision,
    )


def placement(message: model_wire.GetPlacementResponse) -> Placement:
    """What of a model runs where."""
    return Placement(
        model=model_reference(message.model),
        networks=tuple(
            NetworkPlacement(
                network.path,
                tuple(NodePlacement(node.name, node.operator_type, node.execution_provider) for node in network.nodes),
            )
            for network in message.networks
        ),
        operators=tuple(OperatorPlacement(placed.operation, placed.device) for placed in message.operators),
    )


def defects(messages: Iterable[results_wire.Defect], size: ImageSize) -> Tuple[Defect, ...]:
    """Defects of an image of a size."""
    return tuple(
        Defect(
            message.class_name,
            message.class_id,
            message.score,
            _box(message.box),
            _mask(message.mask, size) if message.HasField("mask") else None,
        )
        for message in messages
    )


def regions(messages: Iterable[results_wire.Region], size: ImageSize) -> Tuple[Region, ...]:
    """Regions of an image of a size."""
    return tuple(
        Region(
            message.class_name,
            message.class_id,
            message.area,
            _box(message.box),
            Point(message.centroid.x, message.centroid.y),
            _mask(message.mask, size),
        )
        for message in messages
    )


def model_reference(message: results_wire.ModelReference) -> ModelReference:
    """Which model made an answer."""
    return ModelReference(message.name, message.version, message.sha256)


def execution(message: results_wire.Execution) -> Execution:
    """What ran, where, how long."""
    times = StageTimes(*(getattr(message.times, stage.name) for stage in fields(StageTimes)))
    return Execution(message.execution_provider, message.device, message.precision, times)


def image_size(message: results_wire.ImageSize) -> ImageSize:
    """Width and height of an image."""
    return ImageSize(message.width, message.height)


def _box(message: geometry_wire.Box) -> Box:
    return Box(message.x, message.y, message.width, message.height)


def _mask(message: mask_wire.Mask, size: ImageSize) -> Mask:
    return Mask(message.area, size, _encoding(message))


def _encoding(message: mask_wire.Mask) -> Optional[MaskEncoding]:
    form = message.WhichOneof("encoding")
    if form == "coco_rle":
        return CocoRle(message.coco_rle.height, message.coco_rle.width, message.coco_rle.counts)
    if form == "polygon":
        return Polygons(tuple(tuple((point.x, point.y) for point in ring.points) for ring in message.polygon.rings))
    if form == "png":
        picture = message.png
        return PngPicture(Rectangle(picture.x, picture.y, picture.width, picture.height), picture.data)
    return None


def _choice(kind: Type[_Choice], number: int) -> _Choice:
    try:
        return kind(number)
    except ValueError:
        raise breach(f"sent {kind.__name__.lower()} {number}, which this client does not know") from None
