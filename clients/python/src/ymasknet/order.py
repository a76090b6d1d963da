"""What both kinds of sessions hold the server to: each frame answered exactly once, in order, under its own id."""

from __future__ import annotations

from collections import deque
from typing import Deque, Optional

from ymasknet import answers
from ymasknet.failures import breach
from ymasknet.results import FrameResult
from ymasknet.v1 import inspection_service_pb2 as wire


class FrameOrder:
    """The frames on their way."""

    def __init__(self) -> None:
        self._unanswered: Deque[int] = deque()
        self.is_complete = False
        """Whether the caller has said that no frame follows."""

    def sent(self, frame_id: int) -> None:
        """A frame is about to be sent."""
        self._unanswered.append(frame_id)

    def answered(self, response: wire.InspectStreamResponse) -> FrameResult:
        """Reads an answer.

        Raises `InternalError` where it is not the one that is due.
        """
        if response.WhichOneof("message") != "result":
            raise breach("answered a frame with something else")
        result = response.result
        if not self._unanswered:
            raise breach(f"answered frame {result.frame_id}, which it had answered or never got")
        expected = self._unanswered.popleft()
        if result.frame_id != expected:
            raise breach(f"answered frame {result.frame_id} where frame {expected} was next")
        return answers.frame_result(result)

    def ended(self) -> None:
        """The server has ended the session with OK.

        Raises `InternalError` where that came too soon.
        """
        if self._unanswered:
            raise breach(f"ended the session with {len(self._unanswered)} frames unanswered")
        if not self.is_complete:
            raise breach("ended the session while frames could still come")


def opened(response: wire.InspectStreamResponse) -> wire.SessionOpened:
    """The answer to the opening.

    Raises `InternalError` where the first answer is something else.
    """
    if response.WhichOneof("message") != "opened":
        raise breach("answered the opening with something else")
    return response.opened


def most_in_flight(session: wire.SessionOpened, asked: Optional[int]) -> int:
    """Most frames on their way: the lower of the caller's and the server's number."""
    servers = max(1, session.max_frames_in_flight)
    return servers if asked is None else min(servers, asked)
