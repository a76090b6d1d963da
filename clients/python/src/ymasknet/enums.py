"""The choices of the wire contract. Their numbers are those on the wire."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Type, Union


class Task(IntEnum):
    """What is done with an image."""

    DETECT = 1
    """The first stage alone: boxes, classes, scores, no masks."""
    SEGMENT = 2
    """Outline the caller's boxes (instance models), or segment the whole image (semantic models)."""
    DETECT_AND_SEGMENT = 3
    """Both stages: find, refine and outline."""


class MaskFormat(IntEnum):
    """How masks are written on their way. `Mask` gives the same pixels whichever was chosen."""

    COCO_RLE = 1
    """Compressed COCO run lengths over the whole image."""
    POLYGON = 2
    """Outlines along pixel edges."""
    PNG = 3
    """A 1-bit PNG of the mask's bounding rectangle."""
    NONE = 4
    """No masks: boxes and areas alone."""


class FramePolicy(IntEnum):
    """What a session does with frames that come faster than they are inspected."""

    BLOCK = 1
    """Every frame is inspected, and the caller is slowed."""
    DROP_OLDEST = 2
    """A frame that finds the session full takes the place of the one that has waited longest."""
    LATEST_ONLY = 3
    """The newest frame waits, every other that waits is dropped."""


class Priority(IntEnum):
    """Whose frames are inspected first when inspections wait. Strict: while a higher one waits, no lower one starts."""

    LOW = 1
    """When nothing else waits."""
    NORMAL = 2
    """The usual one, and that of single calls."""
    HIGH = 3
    """Before all others."""


class Verdict(IntEnum):
    """Judgement of one frame."""

    PASS = 1
    """Inspected; nothing found that the recipe fails."""
    FAIL = 2
    """Inspected; something found that the recipe fails."""
    ERROR = 3
    """Not inspected, or its answer could not be sent: `FrameResult.error` says why."""
    LATE = 4
    """Not inspected: its deadline passed before its inspection began."""
    DROPPED = 5
    """Not inspected: a later frame took its place."""


class PixelFormat(IntEnum):
    """Layout of a pixel, under its name and number of the GenICam Pixel Format Naming Convention (PFNC)."""

    MONO8 = 0x01080001
    """8-bit grey."""
    MONO10 = 0x01100003
    """10-bit grey in the low bits of 2 bytes, little-endian. Range of a sample: 0 to 1023."""
    MONO12 = 0x01100005
    """12-bit grey in the low bits of 2 bytes, little-endian. Range of a sample: 0 to 4095."""
    MONO16 = 0x01100007
    """16-bit grey, little-endian."""
    RGB8 = 0x02180014
    """8-bit red, green, blue."""
    BGR8 = 0x02180015
    """8-bit blue, green, red: what OpenCV reads."""
    BAYER_RG8 = 0x01080009
    """8-bit Bayer mosaic whose top-left 2 x 2 cell is R G / G B."""

    @classmethod
    def of(cls, value: PixelFormatLike) -> PixelFormat:
        """A format by its PFNC name (`Mono8`, `BayerRG8`), its number, or itself.

        Raises `ValueError` where there is no such format.
        """
        if isinstance(value, str):
            name = value.replace("_", "").upper()
            for member in cls:
                if member.name.replace("_", "") == name:
                    return member
        elif value in cls._value2member_map_:
            return cls(value)
        raise ValueError(f"There is no pixel format {value!r}; there are {', '.join(member.name for member in cls)}.")

    @property
    def channels(self) -> int:
        """Samples of a pixel: 1 or 3."""
        return 3 if self in (PixelFormat.RGB8, PixelFormat.BGR8) else 1

    @property
    def sample_bytes(self) -> int:
        """Bytes of a sample: 1 or 2."""
        return 2 if self in (PixelFormat.MONO10, PixelFormat.MONO12, PixelFormat.MONO16) else 1

    @property
    def pixel_bytes(self) -> int:
        """Bytes of a pixel: 1, 2 or 3."""
        return self.channels * self.sample_bytes


PixelFormatLike = Union[PixelFormat, int, str]
"""A `PixelFormat`, its number (a camera SDK's value), or its PFNC name."""


def number_of(kind: Type[IntEnum], choice: int) -> Any:
    """A choice's number for a message, whose annotations know the generated enums alone.

    Raises `ValueError` where there is no such choice.
    """
    return kind(choice).value
