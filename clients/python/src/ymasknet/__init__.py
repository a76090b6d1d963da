"""Client of YMaskNet.Grpc, a gRPC server that finds and outlines defects in images of electronic products.

    import ymasknet

    with ymasknet.Client("http://127.0.0.1:5080") as client:
        answer = client.inspect("board.png")
    for defect in answer.defects:
        print(f"{defect.class_name} {defect.score:.2f} at {defect.box}, {defect.mask.area} pixels")

`Client` is for threads, `AsyncClient` for asyncio. The messages of the wire are in `ymasknet.v1`.
"""

from ymasknet.aio_client import AsyncClient
from ymasknet.aio_session import AsyncSession
from ymasknet.boards import Board, BoardLike, Progress, Strip, Strips
from ymasknet.client import Client
from ymasknet.connection import PemSource, Tls, TokenSource
from ymasknet.enums import FramePolicy, MaskFormat, PixelFormat, PixelFormatLike, Priority, Task, Verdict
from ymasknet.errors import (
    CancelledError,
    DeadlineExceededError,
    FailedPreconditionError,
    FieldViolation,
    InspectionError,
    InternalError,
    InvalidArgumentError,
    MaskError,
    NotFoundError,
    PermissionDeniedError,
    ResourceExhaustedError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
    YMaskNetError,
)
from ymasknet.frames import Frame, FrameLike, RegionOfInterest, RoiLike
from ymasknet.geometry import Box, ImageSize, Point, Rectangle
from ymasknet.images import Image, ImageLike
from ymasknet.masks import CocoRle, Mask, MaskEncoding, PngPicture, Polygons
from ymasknet.recipes import ClassRule, Recipe
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
from ymasknet.retries import Retries
from ymasknet.session import Session
from ymasknet.shared_memory import SharedMemoryLease, SharedMemorySlot

__all__ = [
    "AsyncClient",
    "AsyncSession",
    "Board",
    "BoardAnswer",
    "BoardLike",
    "BoardTiling",
    "Box",
    "CancelledError",
    "ClassRule",
    "Client",
    "CocoRle",
    "DeadlineExceededError",
    "Defect",
    "Execution",
    "FailedPreconditionError",
    "FieldViolation",
    "Frame",
    "FrameLike",
    "FramePolicy",
    "FrameResult",
    "Image",
    "ImageLike",
    "ImageSize",
    "InspectionAnswer",
    "InspectionError",
    "InternalError",
    "InvalidArgumentError",
    "Mask",
    "MaskEncoding",
    "MaskError",
    "MaskFormat",
    "Model",
    "ModelFile",
    "ModelList",
    "ModelReference",
    "NetworkPlacement",
    "NodePlacement",
    "NotFoundError",
    "OperatorPlacement",
    "PemSource",
    "PermissionDeniedError",
    "PixelFormat",
    "PixelFormatLike",
    "Placement",
    "PngPicture",
    "Point",
    "Polygons",
    "Priority",
    "Progress",
    "Recipe",
    "Rectangle",
    "Region",
    "RegionOfInterest",
    "ResourceExhaustedError",
    "Retries",
    "RoiLike",
    "SegmentationAnswer",
    "Session",
    "SharedMemoryLease",
    "SharedMemorySlot",
    "StageTimes",
    "Strip",
    "Strips",
    "Task",
    "Tls",
    "TokenSource",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "Verdict",
    "YMaskNetError",
]
