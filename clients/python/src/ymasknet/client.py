"""The client for threads."""

from __future__ import annotations

import math
import threading
import time
from types import TracebackType
from typing import Any, Callable, Iterable, Iterator, List, Optional, Sequence, Tuple, Type, TypeVar, Union

import grpc

from ymasknet import answers, requests
from ymasknet.boards import BoardLike, Progress, as_board
from ymasknet.connection import Connection, Tls, TokenSource, seconds
from ymasknet.enums import FramePolicy, MaskFormat, Priority, Task
from ymasknet.errors import InspectionError
from ymasknet.failures import from_call
from ymasknet.frames import FrameLike, RoiLike
from ymasknet.images import ImageLike, as_image
from ymasknet.recipes import Recipe
from ymasknet.results import BoardAnswer, FrameResult, InspectionAnswer, Model, ModelList, Placement, SegmentationAnswer
from ymasknet.retries import Attempts, Retries
from ymasknet.session import Session
from ymasknet.shared_memory import SharedMemoryLease
from ymasknet.v1 import board_service_pb2 as board_wire
from ymasknet.v1 import model_service_pb2 as model_wire
from ymasknet.v1.board_service_pb2_grpc import BoardServiceStub
from ymasknet.v1.inspection_service_pb2_grpc import InspectionServiceStub
from ymasknet.v1.model_service_pb2_grpc import ModelServiceStub
from ymasknet.v1.shared_memory_service_pb2_grpc import SharedMemoryServiceStub

_Answer = TypeVar("_Answer")

DEFAULT_ADDRESS = "http://127.0.0.1:5080"
DEFAULT_MAX_MESSAGE_BYTES = 256 * 1024 * 1024


class Client:
    """Inspects images with a YMaskNet server. One client serves any number of threads; make one and keep it.

    - `address`: `http://HOST:PORT`, or `https://HOST:PORT` for TLS; without a scheme, TLS where `tls` is given. On the server's
      own host also `unix:///absolute/path` or `unix:path`.
    - `tls`: how to encrypt, and whom to believe. Default: for https, gRPC's own certificates.
    - `token`: a bearer token, sent as `authorization`, or what gives the current one. Refused where the connection leaves this
      host unencrypted.
    - `metadata`: more headers for every call, names in lower case.
    - `timeout`: of a call, all its tries together, where the call gives none. Unit: seconds. Default: none. Not of sessions and
      boards.
    - `retries`: which calls are tried again, and when. Default: `Retries()`.
    - `max_message_bytes`: largest message sent or received; the server has a limit of its own.
    - `keepalive_interval`, `keepalive_timeout`: while calls run, a server that was silent for so long is pinged, and given up
      when it leaves the ping unanswered for so long. Unit: seconds.

    The connection is set up by the first call. Every method that calls the server raises `InspectionError` when the server
    refuses or fails, or can't be reached. A value of `None` among the arguments of a method is the model's or the client's own.
    Raises `ValueError` for settings that can't be, `OSError` for certificates that can't be read.
    """

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        tls: Optional[Tls] = None,
        token: Optional[TokenSource] = None,
        metadata: Sequence[Tuple[str, Union[str, bytes]]] = (),
        timeout: Optional[float] = None,
        retries: Retries = Retries(),
        max_message_bytes: int = DEFAULT_MAX_MESSAGE_BYTES,
        keepalive_interval: float = 20.0,
        keepalive_timeout: float = 10.0,
    ) -> None:
        self._connection = Connection.of(
            address, tls, token, metadata, timeout, retries, max_message_bytes, keepalive_interval, keepalive_timeout
        )
        target, options, credentials = (
            self._connection.address.target,
            self._connection.options,
            self._connection.credentials(),
        )
        self._channel = (
            grpc.insecure_channel(target, options)
            if credentials is None
            else grpc.secure_channel(target, credentials, options)
        )
        self._inspection = InspectionServiceStub(self._channel)
        self._boards = BoardServiceStub(self._channel)
        self._models = ModelServiceStub(self._channel)
        self._memory = SharedMemoryServiceStub(self._channel)

    def detect(
        self,
        image: ImageLike,
        *,
        model: str = "",
        min_score: Optional[float] = None,
        nms_iou_threshold: Optional[float] = None,
        max_defects: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> InspectionAnswer:
        """Finds defects with the first stage alone: boxes, classes, scores, no masks.

        - `image`: see `ImageLike`.
        - `model`: `name` (the highest version) or `name/version`. Default: the server's default model.
        - `min_score`: defects below this score are left out. Range: [0, 1].
        - `nms_iou_threshold`: of two boxes of one class whose intersection over union is above this, the lower-scoring one is
          suppressed. Range: [0, 1].
        - `max_defects`: at most this many, the highest-scoring first. Range: 1 to the model's `max_rois`.
        - `timeout`: unit: seconds; `math.inf` for none.
        """
        options = requests.detection_options(min_score, nms_iou_threshold, max_defects)
        request = requests.detect(as_image(image), model, options)
        return answers.detected(self._call(self._inspection.Detect, request, timeout))

    def segment(
        self,
        image: ImageLike,
        rois: Iterable[RoiLike] = (),
        *,
        model: str = "",
        mask_format: MaskFormat = MaskFormat.COCO_RLE,
        include_class_map: bool = False,
        min_region_area: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> SegmentationAnswer:
        """Outlines the caller's boxes (instance models), or segments the whole image (semantic models).

        - `rois`: boxes for an instance model, 1 to the model's `max_rois`; none for a semantic one.
        - `mask_format`: how masks travel.
        - `include_class_map`: semantic models: the class of every pixel too.
        - `min_region_area`: semantic models: smaller regions become background. Unit: pixels of the image. Range: >= 1.
        - `image`, `model`, `timeout`: as in `detect`.
        """
        request = requests.segment(as_image(image), rois, model, mask_format, include_class_map, min_region_area)
        return answers.segmented(self._call(self._inspection.Segment, request, timeout))

    def inspect(
        self,
        image: ImageLike,
        *,
        model: str = "",
        min_score: Optional[float] = None,
        nms_iou_threshold: Optional[float] = None,
        max_defects: Optional[int] = None,
        mask_format: MaskFormat = MaskFormat.COCO_RLE,
        timeout: Optional[float] = None,
    ) -> InspectionAnswer:
        """Both stages (DetectAndSegment): finds defects, refines their boxes and classes, outlines them.

        - `mask_format`: how masks travel.
        - The others: as in `detect`.
        """
        options = requests.detection_options(min_score, nms_iou_threshold, max_defects)
        request = requests.inspect(as_image(image), model, options, mask_format)
        return answers.inspected(self._call(self._inspection.DetectAndSegment, request, timeout))

    def open_session(
        self,
        task: Task = Task.DETECT_AND_SEGMENT,
        *,
        model: str = "",
        min_score: Optional[float] = None,
        nms_iou_threshold: Optional[float] = None,
        max_defects: Optional[int] = None,
        mask_format: MaskFormat = MaskFormat.COCO_RLE,
        frame_policy: FramePolicy = FramePolicy.BLOCK,
        max_frames_in_flight: Optional[int] = None,
        priority: Priority = Priority.NORMAL,
        recipe: Optional[Recipe] = None,
        opening_timeout: float = 30.0,
        timeout: Optional[float] = None,
    ) -> Session:
        """Opens a session: one task and one model for a stream of frames. Close it when done.

        - `task`: what is done with every frame.
        - `model`, `min_score`, `nms_iou_threshold`, `max_defects`, `mask_format`: as in `inspect`. The filters are refused for
          `Task.SEGMENT`.
        - `frame_policy`: what happens to frames that come faster than they are inspected.
        - `max_frames_in_flight`: asks for fewer than the server allows. Range: >= 1.
        - `priority`: whose frames are inspected first.
        - `recipe`: what makes a frame fail. Default: anything found.
        - `opening_timeout`: how long one try of the opening may take. Unit: seconds.
        - `timeout`: of the whole session. Unit: seconds. Default: none.
        """
        opening = requests.session_opening(
            task,
            model,
            requests.detection_options(min_score, nms_iou_threshold, max_defects),
            mask_format,
            frame_policy,
            max_frames_in_flight,
            priority,
            recipe,
        )
        patience = seconds("opening_timeout", opening_timeout, 0.0)
        return self._retry(
            timeout if timeout is not None else math.inf,
            lambda options: Session.open(
                self._inspection.InspectStream, opening, patience, max_frames_in_flight, **options
            ),
        )

    def stream(
        self, frames: Iterable[FrameLike], task: Task = Task.DETECT_AND_SEGMENT, **options: Any
    ) -> Iterator[FrameResult]:
        """Inspects a stream of frames and gives their results as they come, in order: a session from its opening to its end.

        - `frames`: `Frame`s, or images alone, which are numbered from 0; see `Session.inspect`.
        - `task`, `options`: as in `open_session`.

        Results that nobody takes hold the frames back: at most `Session.max_frames_in_flight` are on their way. Closing the
        generator before its end cancels the session.
        """
        with self.open_session(task, **options) as session:
            yield from session.inspect(frames)

    def inspect_board(
        self,
        board: BoardLike,
        task: Task = Task.DETECT_AND_SEGMENT,
        *,
        model: str = "",
        min_score: Optional[float] = None,
        nms_iou_threshold: Optional[float] = None,
        max_defects: Optional[int] = None,
        mask_format: MaskFormat = MaskFormat.COCO_RLE,
        overlap: Optional[int] = None,
        progress: Optional[Progress] = None,
        timeout: Optional[float] = None,
    ) -> BoardAnswer:
        """Inspects a whole board, sent in pieces, in overlapping tiles at full resolution.

        - `board`: see `BoardLike`.
        - `task`: `DETECT` or `DETECT_AND_SEGMENT`, or with a semantic model `SEGMENT`.
        - `max_defects`: of the whole board. Range: 1 to 10,000. Default: 1,000.
        - `overlap`: how far the tiles of a detecting model overlap. Unit: pixels. Default: the model's.
        - `progress`: called from another thread with the bytes sent and the bytes there are.
        - `timeout`: from the opening to the answer. Unit: seconds. Default: none.
        - `model`, `min_score`, `nms_iou_threshold`, `mask_format`: as in `inspect`.

        Raises what drawing the board from its source raises, too.
        """
        source = as_board(board)
        options = requests.detection_options(min_score, nms_iou_threshold, max_defects)
        opening = source.opening(task, model, options, mask_format, overlap)

        def send(call_options: Any) -> board_wire.InspectBoardResponse:
            return _send_board(self._boards.InspectBoard, opening, source.messages(progress), call_options)

        return answers.board(
            self._retry(timeout if timeout is not None else math.inf, send, again=source.can_be_read_again)
        )

    def lease_shared_memory(self, slot_bytes: int, slot_count: int) -> SharedMemoryLease:
        """Leases memory that the server shares, so that images need not be sent: for clients on the server's Unix socket, where
        the server leases memory. Close it when done.

        - `slot_bytes`: least size of a slot, which holds one image. Unit: bytes. Range: at least 1.
        - `slot_count`: images that are filled or inspected at the same time. Range: 1 to 1024.

        Raises `FailedPreconditionError` with reason `SHARED_MEMORY_UNREACHABLE` where this process can't open the memory.
        """
        return self._retry(
            math.inf, lambda options: SharedMemoryLease.open(self._memory.Lease, slot_bytes, slot_count, **options)
        )

    def models(self, *, timeout: Optional[float] = None) -> ModelList:
        """All models that the server holds, by name, then by version, and which one is the default."""
        return answers.model_list(self._call(self._models.ListModels, model_wire.ListModelsRequest(), timeout))

    def model(self, name: str = "", *, timeout: Optional[float] = None) -> Model:
        """What is known of one model.

        - `name`: `name` (the highest version) or `name/version`. Default: the server's default model.
        """
        request = model_wire.GetModelRequest(model=name)
        return answers.model(self._call(self._models.GetModel, request, timeout).model)

    def placement(self, name: str = "", *, timeout: Optional[float] = None) -> Placement:
        """Where each node of a model's networks, and each operator around them, runs.

        - `name`: `name` (the highest version) or `name/version`. Default: the server's default model.
        """
        request = model_wire.GetPlacementRequest(model=name)
        return answers.placement(self._call(self._models.GetPlacement, request, timeout))

    def close(self) -> None:
        """Closes the connection. Calls that still run fail."""
        self._channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def _call(self, method: Callable[..., Any], request: Any, timeout: Optional[float]) -> Any:
        def call(options: Any) -> Any:
            return method(request, **options)

        return self._retry(timeout, call)

    def _retry(self, timeout: Optional[float], call: Callable[[Any], _Answer], again: bool = True) -> _Answer:
        """Calls until it succeeds or must not be tried again."""
        attempts = Attempts(self._connection.retries, self._connection.timeout_of(timeout))
        while True:
            try:
                return call({"timeout": attempts.remaining(), "metadata": self._connection.metadata()})
            except grpc.RpcError as error:
                failure = from_call(error)
                failure.__cause__ = error
            except InspectionError as error:
                failure = error
            delay = attempts.delay_after(failure) if again else None
            if delay is None:
                raise failure
            time.sleep(delay)


def _send_board(
    method: Any,
    opening: board_wire.InspectBoardRequest,
    messages: Iterator[board_wire.InspectBoardRequest],
    call_options: Any,
) -> board_wire.InspectBoardResponse:
    failures: List[Exception] = []
    is_known = threading.Event()

    def draw() -> Iterator[board_wire.InspectBoardRequest]:
        yield opening
        try:
            yield from messages
        except Exception as failure:
            # The caller waits for the answer, not here.
            failures.append(failure)
            is_known.wait()
            call.cancel()

    call = method.future(draw(), **call_options)
    is_known.set()
    try:
        response: board_wire.InspectBoardResponse = call.result()
        return response
    except BaseException:
        call.cancel()
        if failures:
            raise failures[0]
        raise
