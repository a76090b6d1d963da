"""Streams of frames, for threads."""

from __future__ import annotations

import threading
from datetime import datetime
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Callable, Iterable, Iterator, Optional, Type, cast

import grpc

from ymasknet import answers, order
from ymasknet.errors import InspectionError
from ymasknet.failures import breach, from_call
from ymasknet.frames import Frame, FrameLike, as_frame, frame_request, to_datetime
from ymasknet.places import Places
from ymasknet.results import FrameResult, ModelReference
from ymasknet.v1 import inspection_service_pb2 as wire


class Session:
    """A stream of frames under one task and one model, opened by `Client.open_session`.

    Frames are answered in order, each exactly once. At most `max_frames_in_flight` frames are on their way: `write` waits
    until results have been taken, so write and read in two threads, or let `inspect` do both. When the server ends the
    session, dies or falls silent, writing and reading both raise `InspectionError`; results that came before are read first.

    Leaving its `with` block closes the session.
    """

    def __init__(
        self,
        call: Any,
        requests: SimpleQueue[Optional[wire.InspectStreamRequest]],
        opened: wire.SessionOpened,
        asked: Optional[int],
    ) -> None:
        self.model: ModelReference = answers.model_reference(opened.model)
        """The model that answers for the whole session."""
        self.server_time: Optional[datetime] = (
            to_datetime(opened.server_time) if opened.HasField("server_time") else None
        )
        """The server's clock when it opened the session, in UTC; `None` from a server that does not tell."""
        self.max_frames_in_flight: int = order.most_in_flight(opened, asked)
        """Most frames that are written and whose result has not been taken: the lower of the caller's and the server's number."""
        self._call = call
        self._requests = requests
        self._places = Places(self.max_frames_in_flight)
        self._order = order.FrameOrder()
        self._one_writer = threading.Lock()
        self._failure: Optional[BaseException] = None
        if not call.add_callback(self._call_over):
            self._call_over()

    def write(self, frame: Frame) -> None:
        """Sends a frame, as soon as fewer than `max_frames_in_flight` are on their way.

        Raises `InspectionError` when the session has failed, `RuntimeError` when it was completed, and what `Image` raises.
        """
        request = frame_request(frame)
        self._check_not_complete()
        if not self._places.take():
            raise self._why_ended()
        self._send(request)

    def complete(self) -> None:
        """Says that no frame follows. Results of the frames on their way still come."""
        with self._one_writer:
            if not self._order.is_complete:
                self._order.is_complete = True
                self._requests.put(None)

    def results(self) -> Iterator[FrameResult]:
        """The results, in the order of the frames, until the session is complete.

        Raises `InspectionError` when the session has failed.
        """
        try:
            while (response := self._read()) is not None:
                result = self._order.answered(response)
                self._places.give_back()
                yield result
            self._order.ended()
        except InspectionError as failure:
            self._fail(failure)
            raise

    def inspect(self, frames: Iterable[FrameLike]) -> Iterator[FrameResult]:
        """Sends frames as they come and gives their results as they arrive, in order; completes the session after the last one.

        - `frames`: `Frame`s, or images alone, which are numbered from 0. They are drawn in a thread of their own, each when
          there is room for it, so that a camera's frame is not old before it is sent.

        Raises what drawing the frames raises, and `InspectionError` when the session has failed. A generator that is closed
        before its end cancels the session.
        """
        feeding = threading.Thread(target=self._feed, args=(frames,), name="ymasknet-frames", daemon=True)
        feeding.start()
        is_over = False
        try:
            yield from self.results()
            is_over = True
        finally:
            if not is_over:
                self.close()
        feeding.join()

    def close(self) -> None:
        """Ends the session at once, on the server too. Does nothing to one that has ended."""
        self._call.cancel()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    @staticmethod
    def open(
        method: Callable[..., Any],
        opening: wire.InspectStreamRequest,
        opening_timeout: float,
        asked: Optional[int],
        **call_options: Any,
    ) -> Session:
        """Opens a session over a stub's method."""
        requests: SimpleQueue[Optional[wire.InspectStreamRequest]] = SimpleQueue()
        requests.put(opening)
        call = method(iter(requests.get, None), **call_options)
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            call.cancel()

        patience = threading.Timer(min(opening_timeout, threading.TIMEOUT_MAX), give_up)
        patience.daemon = True
        patience.start()
        try:
            opened = order.opened(next(call))
        except StopIteration:
            requests.put(None)
            raise breach("ended the session without answering its opening") from None
        except grpc.RpcError as error:
            requests.put(None)
            if is_late.is_set():
                raise InspectionError.of(
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                    f"The server did not open the session within {opening_timeout} seconds.",
                ) from error
            raise from_call(error) from error
        except BaseException:
            call.cancel()
            requests.put(None)
            raise
        finally:
            patience.cancel()
        return Session(call, requests, opened, asked)

    def _read(self) -> Optional[wire.InspectStreamResponse]:
        """The next answer; `None` when the server has ended the session with OK."""
        try:
            return cast(wire.InspectStreamResponse, next(self._call))
        except StopIteration:
            return None
        except grpc.RpcError:
            pass
        raise self._why_ended()

    def _feed(self, frames: Iterable[FrameLike]) -> None:
        try:
            iterator = iter(frames)
            number = 0
            while self._places.take():
                try:
                    drawn = next(iterator)
                except StopIteration:
                    self.complete()
                    return
                frame = as_frame(drawn, number)
                self._send(frame_request(frame))
                number += 1
        except BaseException as error:
            # The reading side raises it: it is the one that the caller waits on.
            self._fail(error)

    def _send(self, request: wire.InspectStreamRequest) -> None:
        with self._one_writer:
            self._check_not_complete()
            self._order.sent(request.frame.frame_id)
            self._requests.put(request)

    def _check_not_complete(self) -> None:
        if self._order.is_complete:
            raise RuntimeError("The session is complete: no frame can follow.")

    def _fail(self, failure: BaseException) -> None:
        """The first cause wins; what follows it is its consequence."""
        if self._failure is None:
            self._failure = failure
        self._call.cancel()

    def _why_ended(self) -> BaseException:
        if self._failure is not None:
            return self._failure
        if self._call.code() is grpc.StatusCode.OK:
            return breach("ended the session while frames could still come")
        return from_call(self._call)

    def _call_over(self) -> None:
        self._places.close()
        self._requests.put(None)
