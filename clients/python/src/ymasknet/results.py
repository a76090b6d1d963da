"""What an inspection finds, and what made the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Mapping, Optional, Tuple

import numpy as np
import numpy.typing as npt

from ymasknet.enums import Task, Verdict
from ymasknet.errors import InspectionError
from ymasknet.geometry import Box, ImageSize, Point
from ymasknet.masks import Mask, png


@dataclass(frozen=True)
class Defect:
    """One defect: what it is, how sure the model is, and where."""

    class_name: str
    """Name of the class, from the model's list."""
    class_id: int
    """Index of the class in the model's list."""
    score: float
    """Confidence. Range: [0, 1]."""
    box: Box
    """Bounding box, clipped to the image. `detect`: of the first stage; otherwise refined by the second stage."""
    mask: Optional[Mask]
    """Outline. `None` for `detect`."""


@dataclass(frozen=True)
class Region:
    """A connected part (8-neighbourhood) of one class in a semantic segmentation."""

    class_name: str
    """Name of the class, from the model's list."""
    class_id: int
    """Index of the class in the model's list."""
    area: int
    """Number of pixels. Range: >= 1."""
    box: Box
    """Tight bounding box."""
    centroid: Point
    """Mean of the pixel centres."""
    mask: Mask
    """The region's pixels."""


@dataclass(frozen=True)
class ModelReference:
    """Which model made an answer."""

    name: str
    """For example `pcb-ymasknet`."""
    version: str
    """A positive whole number written in decimal."""
    sha256: str
    """SHA-256 of the model's manifest, which holds that of each of its files. Lower-case hexadecimal."""

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


@dataclass(frozen=True)
class StageTimes:
    """Time per stage of one image's way through the server. A stage that did not run is 0. Unit: milliseconds."""

    decode_ms: float
    """Reading the image: decompression, pixel format conversion."""
    queue_ms: float
    """Waiting for a lane."""
    preprocess_ms: float
    """Letterbox and normalisation into the input tensor."""
    stage1_ms: float
    """The first network; for a semantic model, the whole network."""
    detection_ms: float
    """Box decoding, thresholds and non-maximum suppression."""
    roi_align_ms: float
    """RoIAlign of the second stage's inputs."""
    stage2_ms: float
    """The second network."""
    segmentation_ms: float
    """Box refinement, mask pasting, semantic class maps."""
    results_ms: float
    """Back to image pixels; mask encoding."""
    total_ms: float
    """From the decoded request to the finished answer, all of the above included."""


@dataclass(frozen=True)
class Execution:
    """What ran, where, and how long each stage took."""

    execution_provider: str
    """ONNX Runtime's execution provider, for example `CPUExecutionProvider`."""
    device: str
    """For example `cpu` or `cuda:0`."""
    precision: str
    """What the networks computed in: `fp32` or `int8`."""
    times: StageTimes
    """Time per stage."""


@dataclass(frozen=True)
class InspectionAnswer:
    """Answer of `detect` and `inspect`."""

    defects: Tuple[Defect, ...]
    """Highest score first."""
    image_size: ImageSize
    """Size of the inspected image."""
    model: ModelReference
    """The model that made the answer."""
    execution: Execution
    """What ran, where, how long."""


@dataclass(frozen=True)
class SegmentationAnswer:
    """Answer of `segment`."""

    instances: Tuple[Defect, ...]
    """Instance models: one for each RoI, in the order of the request."""
    regions: Tuple[Region, ...]
    """Semantic models: by class id, then by area, largest first."""
    class_map_png: bytes = field(repr=False)
    """Semantic models, if asked for: an 8-bit grey PNG of the image's size; empty otherwise."""
    image_size: ImageSize
    """Size of the inspected image."""
    model: ModelReference
    """The model that made the answer."""
    execution: Execution
    """What ran, where, how long."""

    @cached_property
    def class_map(self) -> Optional[npt.NDArray[np.uint8]]:
        """Class id of every pixel: uint8 `[height, width]`; `None` where it was not asked for.

        Raises `MaskError` where the picture is damaged.
        """
        if not self.class_map_png:
            return None
        return png.read(self.class_map_png, self.image_size.height, self.image_size.width, bit_depth=8)


@dataclass(frozen=True)
class BoardTiling:
    """How a board was cut into tiles."""

    tile_count: int
    """Range: >= 1."""
    tile_size: ImageSize
    """Size of a tile."""
    overlap: int
    """How far neighbouring tiles overlap. Unit: pixels. 0 where there is one tile."""


@dataclass(frozen=True)
class BoardAnswer:
    """Answer of `inspect_board`, in board pixels."""

    defects: Tuple[Defect, ...]
    """Highest score first. What lies on the seams of tiles is one defect."""
    regions: Tuple[Region, ...]
    """Semantic models: the connected regions of the whole board, by class id, then by area, largest first."""
    image_size: ImageSize
    """Size of the board."""
    model: ModelReference
    """The model that made the answer."""
    execution: Execution
    """What ran, where, how long: the times of the stages are sums over all tiles."""
    tiling: BoardTiling
    """How the board was cut."""


@dataclass(frozen=True)
class FrameResult:
    """Answer to one frame of a session."""

    frame_id: int
    """The caller's id."""
    verdict: Verdict
    """The judgement."""
    defects: Tuple[Defect, ...]
    """Highest score first; for `Task.SEGMENT` with an instance model one for each RoI, in the order of the frame."""
    regions: Tuple[Region, ...]
    """`Task.SEGMENT` with a semantic model."""
    image_size: Optional[ImageSize]
    """Size of the inspected image. Set with PASS and FAIL."""
    execution: Optional[Execution]
    """What ran, where, how long. Set with PASS and FAIL."""
    error: Optional[InspectionError]
    """Why the frame was not inspected: what a single call would have raised. Set with ERROR."""
    capture_time: Optional[datetime]
    """The caller's, in UTC, if the frame had one."""
    part_id: str
    """The caller's."""
    rejecting: Tuple[int, ...]
    """With FAIL: what failed the frame, as places in `defects`, or in `regions` for a semantic model. Ascending."""


@dataclass(frozen=True)
class ModelFile:
    """A file of a model."""

    path: str
    """Path inside the model's folder."""
    sha256: str
    """SHA-256, lower-case hexadecimal."""
    size_bytes: int
    """Unit: bytes."""
    precision: str
    """What the network computes in: `fp32` or `int8`."""


@dataclass(frozen=True)
class Model:
    """What is known of a model."""

    reference: ModelReference
    """Name, version and digest."""
    architecture: str
    """`ymasknet`, `yolov5` or `unet`."""
    description: str
    """One sentence for people."""
    tasks: Tuple[Task, ...]
    """What the model can do."""
    input_size: ImageSize
    """Size of the network's input, to which images are letterboxed."""
    input_channels: int
    """Channels of the network's input: 1 (grey) or 3 (red, green, blue)."""
    class_names: Tuple[str, ...]
    """Names of the classes; a class id is an index into this list."""
    detect_min_score: float
    """Default score threshold of `detect`. 0 for a semantic model."""
    detect_and_segment_min_score: float
    """Default score threshold of `inspect`. 0 for a semantic model."""
    nms_iou_threshold: float
    """Default IoU threshold of non-maximum suppression."""
    default_max_defects: int
    """Default number of defects per image."""
    max_rois: int
    """Largest number of defects, or of RoIs in a request."""
    files: Tuple[ModelFile, ...]
    """The files, with their digests."""
    provenance: Mapping[str, str]
    """How it was trained: data, seed, configuration, hardware, licence of the data."""
    accuracy: Mapping[str, float]
    """Measured accuracy, by name of the measure, for example `test_open.box_map50`."""
    execution_provider: str
    """ONNX Runtime's execution provider that runs it."""
    device: str
    """The device that it runs on."""
    precision: str
    """What its networks compute in here: `fp32` or `int8`."""


@dataclass(frozen=True)
class ModelList:
    """Answer of `models`."""

    models: Tuple[Model, ...]
    """All models and versions, by name, then by version."""
    default_model: str
    """The model that a call without a model name gets, as `name/version`."""


@dataclass(frozen=True)
class NodePlacement:
    """Where a node of a network runs."""

    name: str
    """ONNX Runtime's name of it."""
    operator_type: str
    """Its operator, for example `Conv`."""
    execution_provider: str
    """The execution provider that ran it, for example `CUDAExecutionProvider`."""


@dataclass(frozen=True)
class NetworkPlacement:
    """Where the nodes of a network run."""

    path: str
    """Path of the network's file inside the model's folder."""
    nodes: Tuple[NodePlacement, ...]
    """What ran when the server ran the network for the first time, in that order, from ONNX Runtime's own profile."""


@dataclass(frozen=True)
class OperatorPlacement:
    """Where one of the operators around the networks runs."""

    operation: str
    """What it does, for example `RoIAlign`."""
    device: str
    """The device, for example `cpu` or `cuda:0`."""


@dataclass(frozen=True)
class Placement:
    """What of a model runs where."""

    model: ModelReference
    """Which model."""
    networks: Tuple[NetworkPlacement, ...]
    """Its networks, in the order in which they run."""
    operators: Tuple[OperatorPlacement, ...]
    """The operators before, between and after them, in the order in which they run."""
