"""Frames of a session, and boxes to outline."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Iterable, Optional, Sequence, Union

from google.protobuf.timestamp_pb2 import Timestamp

from ymasknet.geometry import Box
from ymasknet.images import ImageLike, as_image, whole_number
from ymasknet.recipes import box_message
from ymasknet.v1 import inspection_service_pb2 as wire

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class RegionOfInterest:
    """A box in which to outline something."""

    box: Box
    """Finite, with positive width and height, and overlapping the image; the part outside is cut off."""
    class_name: Optional[str] = None
    """Class whose mask to take. Default: the mask head's best class that is not background."""


RoiLike = Union[Box, RegionOfInterest]
"""A box, or a box and the class to outline in it."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame of a session."""

    image: ImageLike
    """The image."""
    frame_id: int = 0
    """The caller's id, given back with the answer. Range: 0 to 2**64 - 1; ids need not be unique."""
    rois: Sequence[RoiLike] = ()
    """For `Task.SEGMENT` with an instance model: the boxes to outline."""
    capture_time: Optional[dt.datetime] = None
    """When the picture was taken, by any clock, with a time zone; given back with the answer, to the microsecond."""
    part_id: str = ""
    """The part that is seen, given back with the answer. At most 256 bytes in UTF-8."""
    deadline: Optional[dt.datetime] = None
    """Until when the inspection must have begun, by the server's clock (`Session.server_time`), with a time zone."""
    time_limit: Optional[float] = None
    """The same from the moment at which the server reads the frame. Unit: seconds. Not together with `deadline`."""

    def __post_init__(self) -> None:
        if self.deadline is not None and self.time_limit is not None:
            raise ValueError("A frame has a deadline or a time_limit, not both.")


FrameLike = Union[Frame, ImageLike]
"""A `Frame`, or an image alone, whose id is then its number in the stream, from 0 on."""


def as_frame(frame: FrameLike, number: int) -> Frame:
    """A frame in any form that callers may give."""
    return frame if isinstance(frame, Frame) else Frame(frame, frame_id=number)


def frame_request(frame: Frame) -> wire.InspectStreamRequest:
    """A frame as it goes over the wire."""
    request = wire.InspectStreamRequest()
    message = request.frame
    message.frame_id = whole_number("frame_id", frame.frame_id, 0, 2**64 - 1)
    message.part_id = frame.part_id
    message.rois.extend(roi_messages(frame.rois))
    as_image(frame.image).write_to(message.image)
    if frame.capture_time is not None:
        _write_time(message.capture_time, "capture_time", frame.capture_time)
    if frame.deadline is not None:
        _write_time(message.deadline, "deadline", frame.deadline)
    if frame.time_limit is not None:
        if not 0 <= frame.time_limit < 2**31:
            raise ValueError(f"time_limit is {frame.time_limit}; it must be a number of seconds from 0 to 2**31 - 1.")
        message.time_limit.FromNanoseconds(round(frame.time_limit * 1e9))
    return request


def roi_messages(rois: Iterable[RoiLike]) -> Iterable[wire.RegionOfInterest]:
    """Boxes as they go over the wire."""
    for roi in rois:
        if isinstance(roi, Box):
            roi = RegionOfInterest(roi)
        message = wire.RegionOfInterest(box=box_message(roi.box))
        if roi.class_name is not None:
            message.class_name = roi.class_name
        yield message


def to_datetime(timestamp: Timestamp) -> dt.datetime:
    """A moment in UTC, to the microsecond."""
    return _EPOCH + dt.timedelta(seconds=timestamp.seconds, microseconds=timestamp.nanos // 1000)


def _write_time(message: Timestamp, name: str, moment: dt.datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{name} is {moment.isoformat()}, which has no time zone: use datetime.now(timezone.utc).")
    microseconds = (moment - _EPOCH) // _MICROSECOND
    # An empty message counts as set.
    message.SetInParent()
    message.seconds, message.nanos = microseconds // 1_000_000, microseconds % 1_000_000 * 1000
