"""Streams of frames, for asyncio."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from types import TracebackType
from typing import Any, AsyncIterable, AsyncIterator, Callable, Iterable, Optional, Type, Union, cast

import grpc
import grpc.aio

from ymasknet import answers, failures, order
from ymasknet.aio_places import AsyncPlaces
from ymasknet.errors import InspectionError
from ymasknet.failures import breach, from_call
from ymasknet.frames import Frame, FrameLike, as_frame, frame_request, to_datetime
from ymasknet.results import FrameResult, ModelReference
from ymasknet.v1 import inspection_service_pb2 as wire

# The status that the server ended a session with tells more than a failed write, and may arrive a little later.
_STATUS_GRACE_SECONDS = 1.0


class AsyncSession:
    """A stream of frames under one task and one model, opened by `AsyncClient.open_session`.

    As `Session`, with coroutines in place of methods that wait. Leaving its `async with` block closes the session. A task
    that is cancelled while it reads or writes ends the session.
    """

    def __init__(self, call: Any, opened: wire.SessionOpened, asked: Optional[int]) -> None:
        self.model: ModelReference = answers.model_reference(opened.model)
        """The model that answers for the whole session."""
        self.server_time: Optional[datetime] = (
            to_datetime(opened.server_time) if opened.HasField("server_time") else None
        )
        """The server's clock when it opened the session, in UTC; `None` from a server that does not tell."""
        self.max_frames_in_flight: int = order.most_in_flight(opened, asked)
        """Most frames that are written and whose result has not been taken: the lower of the caller's and the server's number."""
        self._call = call
        self._places = AsyncPlaces(self.max_frames_in_flight)
        self._order = order.FrameOrder()
        self._one_writer = asyncio.Lock()
        self._failure: Optional[BaseException] = None
        self._is_cancelled_here = False
        call.add_done_callback(lambda _: self._places.close())

    async def write(self, frame: Frame) -> None:
        """Sends a frame, as soon as fewer than `max_frames_in_flight` are on their way.

        Raises `InspectionError` when the session has failed, `RuntimeError` when it was completed, and what `Image` raises.
        """
        request = await load_frame(frame)
        self._check_not_complete()
        if not await self._places.take():
            raise await self._why_ended()
        await self._send(request)

    async def complete(self) -> None:
        """Says that no frame follows. Results of the frames on their way still come."""
        async with self._one_writer:
            if not self._order.is_complete:
                self._order.is_complete = True
                if not self._call.done():
                    await self._call.done_writing()

    async def results(self) -> AsyncIterator[FrameResult]:
        """The results, in the order of the frames, until the session is complete.

        Raises `InspectionError` when the session has failed.
        """
        try:
            while (response := await self._read()) is not None:
                result = self._order.answered(response)
                self._places.give_back()
                yield result
            self._order.ended()
        except InspectionError as failure:
            self._fail(failure)
            raise

    async def inspect(self, frames: Union[AsyncIterable[FrameLike], Iterable[FrameLike]]) -> AsyncIterator[FrameResult]:
        """Sends frames as they come and gives their results as they arrive, in order; completes the session after the last one.

        - `frames`: `Frame`s, or images alone, which are numbered from 0. They are drawn in a task of their own, each when there
          is room for it. An iterable that is not asynchronous must not wait.

        Raises what drawing the frames raises, and `InspectionError` when the session has failed. A generator that is closed
        before its end closes the session.
        """
        feeding = asyncio.ensure_future(self._feed(frames))
        is_over = False
        try:
            async for result in self.results():
                yield result
            is_over = True
        finally:
            if not is_over:
                self.close()
            feeding.cancel()
            await asyncio.wait([feeding])

    def close(self) -> None:
        """Ends the session at once, on the server too. Does nothing to one that has ended."""
        self._is_cancelled_here = True
        self._call.cancel()

    async def __aenter__(self) -> AsyncSession:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    @staticmethod
    async def open(
        method: Callable[..., Any],
        opening: wire.InspectStreamRequest,
        opening_timeout: float,
        asked: Optional[int],
        **call_options: Any,
    ) -> AsyncSession:
        """Opens a session over a stub's method."""
        call = method(**call_options)
        try:
            first = await asyncio.wait_for(_exchange(call, opening), min(opening_timeout, 1e9))
        except asyncio.TimeoutError:
            raise InspectionError.of(
                grpc.StatusCode.DEADLINE_EXCEEDED,
                f"The server did not open the session within {opening_timeout} seconds.",
            ) from None
        except grpc.RpcError as error:
            raise from_call(error) from error
        except BaseException:
            call.cancel()
            raise
        return AsyncSession(call, first, asked)

    async def _read(self) -> Optional[wire.InspectStreamResponse]:
        """The next answer; `None` when the server has ended the session with OK."""
        try:
            response = await self._call.read()
            return None if response is grpc.aio.EOF else cast(wire.InspectStreamResponse, response)
        except grpc.RpcError:
            pass
        except asyncio.CancelledError:
            # Also what gRPC raises where this side has cancelled the call, and no task.
            if not self._is_cancelled_here:
                raise
        raise await self._why_ended()

    async def _feed(self, frames: Union[AsyncIterable[FrameLike], Iterable[FrameLike]]) -> None:
        try:
            iterator = aiter_of(frames)
            number = 0
            while await self._places.take():
                try:
                    drawn = await iterator.__anext__()
                except StopAsyncIteration:
                    await self.complete()
                    return
                await self._send(await load_frame(as_frame(drawn, number)))
                number += 1
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            # The reading side raises it: it is the one that the caller waits on.
            self._fail(error)

    async def _send(self, request: wire.InspectStreamRequest) -> None:
        async with self._one_writer:
            self._check_not_complete()
            self._order.sent(request.frame.frame_id)
            try:
                await self._call.write(request)
                return
            except (grpc.RpcError, asyncio.InvalidStateError):
                pass
            except asyncio.CancelledError:
                if not self._is_cancelled_here:
                    raise
        raise await self._why_ended()

    def _check_not_complete(self) -> None:
        if self._order.is_complete:
            raise RuntimeError("The session is complete: no frame can follow.")

    def _fail(self, failure: BaseException) -> None:
        """The first cause wins; what follows it is its consequence."""
        if self._failure is None:
            self._failure = failure
        self.close()

    async def _why_ended(self) -> BaseException:
        if self._failure is not None:
            return self._failure
        try:
            status = await asyncio.wait_for(asyncio.shield(self._call.code()), _STATUS_GRACE_SECONDS)
        except asyncio.TimeoutError:
            self.close()
            return InspectionError.of(grpc.StatusCode.UNAVAILABLE, "The session broke.")
        if status is grpc.StatusCode.OK:
            return breach("ended the session while frames could still come")
        return await from_async_call(self._call)


def aiter_of(items: Union[AsyncIterable[Any], Iterable[Any]]) -> AsyncIterator[Any]:
    """Items one by one, of either kind of iterable."""
    return items.__aiter__() if isinstance(items, AsyncIterable) else _each(items)


async def from_async_call(call: Any) -> InspectionError:
    """The failure of a call of `grpc.aio` that has ended."""
    return failures.from_status(await call.code(), await call.details() or "", await call.trailing_metadata())


async def load_frame(frame: Frame) -> wire.InspectStreamRequest:
    """A frame as it goes over the wire. A file is read in a thread."""
    if isinstance(frame.image, (str, os.PathLike)):
        return await asyncio.to_thread(frame_request, frame)
    return frame_request(frame)


async def _each(items: Iterable[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item


async def _exchange(call: Any, opening: wire.InspectStreamRequest) -> wire.SessionOpened:
    try:
        await call.write(opening)
    except (grpc.RpcError, asyncio.InvalidStateError):
        # The call is over already; reading says why.
        pass
    response = await call.read()
    if response is grpc.aio.EOF:
        raise breach("ended the session without answering its opening")
    return order.opened(response)
