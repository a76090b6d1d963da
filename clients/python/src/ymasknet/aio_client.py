"""The client for asyncio."""

from __future__ import annotations

import asyncio
import math
import os
from types import TracebackType
from typing import (
    Any,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    List,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

import grpc
import grpc.aio

from ymasknet import answers, requests
from ymasknet.aio_session import AsyncSession
from ymasknet.boards import BoardLike, Progress, as_board
from ymasknet.client import DEFAULT_ADDRESS, DEFAULT_MAX_MESSAGE_BYTES
from ymasknet.connection import Connection, Tls, TokenSource, seconds
from ymasknet.enums import FramePolicy, MaskFormat, Priority, Task
from ymasknet.errors import InspectionError
from ymasknet.failures import from_call
from ymasknet.frames import FrameLike, RoiLike
from ymasknet.images import Image, ImageLike, as_image
from ymasknet.recipes import Recipe
from ymasknet.results import BoardAnswer, FrameResult, InspectionAnswer, Model, ModelList, Placement, SegmentationAnswer
from ymasknet.retries import Attempts, Retries
from ymasknet.v1 import board_service_pb2 as board_wire
from ymasknet.v1 import model_service_pb2 as model_wire
from ymasknet.v1.board_service_pb2_grpc import BoardServiceStub
from ymasknet.v1.inspection_service_pb2_grpc import InspectionServiceStub
from ymasknet.v1.model_service_pb2_grpc import ModelServiceStub

_Answer = TypeVar("_Answer")


class AsyncClient:
    """As `Client`, with coroutines in place of methods that wait, for the event loop in which it is made.

    A task that is cancelled cancels its call, on the server too. Image files are read in a thread.
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
            grpc.aio.insecure_channel(target, options)
            if credentials is None
            else grpc.aio.secure_channel(target, credentials, options)
        )
        self._inspection = InspectionServiceStub(self._channel)
        self._boards = BoardServiceStub(self._channel)
        self._models = ModelServiceStub(self._channel)

    async def detect(
        self,
        image: ImageLike,
        *,
        model: str = "",
        min_score: Optional[float] = None,
        nms_iou_threshold: Optional[float] = None,
        max_defects: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> InspectionAnswer:
        """As `Client.detect`."""
        options = requests.detection_options(min_score, nms_iou_threshold, max_defects)
        request = requests.detect(await load(image), model, options)
        return answers.detected(await self._call(self._inspection.Detect, request, timeout))

    async def segment(
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
        """As `Client.segment`."""
        request = requests.segment(await load(image), rois, model, mask_format, include_class_map, min_region_area)
        return answers.segmented(await self._call(self._inspection.Segment, request, timeout))

    async def inspect(
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
        """As `Client.inspect`."""
        options = requests.detection_options(min_score, nms_iou_threshold, max_defects)
        request = requests.inspect(await load(image), model, options, mask_format)
        return answers.inspected(await self._call(self._inspection.DetectAndSegment, request, timeout))

    async def open_session(
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
    ) -> AsyncSession:
        """As `Client.open_session`."""
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
        return await self._retry(
            timeout if timeout is not None else math.inf,
            lambda options: AsyncSession.open(
                self._inspection.InspectStream, opening, patience, max_frames_in_flight, **options
            ),
        )

    async def stream(
        self,
        frames: Union[AsyncIterable[FrameLike], Iterable[FrameLike]],
        task: Task = Task.DETECT_AND_SEGMENT,
        **options: Any,
    ) -> AsyncIterator[FrameResult]:
        """As `Client.stream`; the frames may come asynchronously."""
        async with await self.open_session(task, **options) as session:
            async for result in session.inspect(frames):
                yield result

    async def inspect_board(
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
        """As `Client.inspect_board`; strips may come asynchronously, and `progress` is called in the event loop."""
        source = as_board(board)
        options = requests.detection_options(min_score, nms_iou_threshold, max_defects)
        opening = source.opening(task, model, options, mask_format, overlap)

        def send(call_options: Any) -> Awaitable[board_wire.InspectBoardResponse]:
            return _send_board(self._boards.InspectBoard, opening, source.messages_async(progress), call_options)

        return answers.board(
            await self._retry(timeout if timeout is not None else math.inf, send, again=source.can_be_read_again)
        )

    async def models(self, *, timeout: Optional[float] = None) -> ModelList:
        """As `Client.models`."""
        return answers.model_list(await self._call(self._models.ListModels, model_wire.ListModelsRequest(), timeout))

    async def model(self, name: str = "", *, timeout: Optional[float] = None) -> Model:
        """As `Client.model`."""
        request = model_wire.GetModelRequest(model=name)
        return answers.model((await self._call(self._models.GetModel, request, timeout)).model)

    async def placement(self, name: str = "", *, timeout: Optional[float] = None) -> Placement:
        """As `Client.placement`."""
        request = model_wire.GetPlacementRequest(model=name)
        return answers.placement(await self._call(self._models.GetPlacement, request, timeout))

    async def close(self) -> None:
        """Closes the connection. Calls that still run are cancelled."""
        await self._channel.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    async def _call(self, method: Callable[..., Any], request: Any, timeout: Optional[float]) -> Any:
        async def call(options: Any) -> Any:
            return await method(request, **options)

        return await self._retry(timeout, call)

    async def _retry(
        self, timeout: Optional[float], call: Callable[[Any], Awaitable[_Answer]], again: bool = True
    ) -> _Answer:
        """Calls until it succeeds or must not be tried again."""
        attempts = Attempts(self._connection.retries, self._connection.timeout_of(timeout))
        while True:
            try:
                return await call({"timeout": attempts.remaining(), "metadata": self._connection.metadata()})
            except grpc.RpcError as error:
                failure = from_call(error)
                failure.__cause__ = error
            except InspectionError as error:
                failure = error
            delay = attempts.delay_after(failure) if again else None
            if delay is None:
                raise failure
            await asyncio.sleep(delay)


async def load(image: ImageLike) -> Image:
    """An image in any form that callers may give. A file is read in a thread."""
    return await asyncio.to_thread(as_image, image) if isinstance(image, (str, os.PathLike)) else as_image(image)


async def _send_board(
    method: Any,
    opening: board_wire.InspectBoardRequest,
    messages: AsyncIterator[board_wire.InspectBoardRequest],
    call_options: Any,
) -> board_wire.InspectBoardResponse:
    failures: List[Exception] = []

    async def draw() -> AsyncIterator[board_wire.InspectBoardRequest]:
        yield opening
        try:
            async for message in messages:
                yield message
        except Exception as failure:
            # The caller waits for the answer, not here.
            failures.append(failure)
            call.cancel()

    call = method(draw(), **call_options)
    try:
        response: board_wire.InspectBoardResponse = await call
        return response
    except BaseException:
        if failures:
            raise failures[0]
        raise
