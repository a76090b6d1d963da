"""The artwork a board is drawn on: copper so far, drills to come, and what stands free."""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np


class PadShape(Enum):
    """Outline of a pad."""

    ROUND = "round"
    OVAL = "oval"
    RECTANGLE = "rectangle"


@dataclass(frozen=True)
class Pad:
    """A pad in artwork pixels."""

    x: int
    y: int
    half_width: int
    half_height: int
    shape: PadShape
    drill_radius: int = 0
    """Radius of the hole; 0 for a pad without one."""

    @property
    def elongated(self) -> bool:
        """Whether traces leave the pad at its ends alone."""
        return max(self.half_width, self.half_height) > 1.6 * min(self.half_width, self.half_height)

    @property
    def slimmest(self) -> int:
        """The smaller side in pixels, the widest trace that may end here."""
        return 2 * min(self.half_width, self.half_height)


class Artwork:
    """Copper on a square of laminate, drawn pad by pad and trace by trace.

    copper: uint8 [S, S], 1 copper and 0 laminate. reserved: uint8 [S, S], 1 where no copper may come, as
    at a board's edge; to be set before anything is drawn. Holes are kept apart until `drilled`, for a trace that is drawn to the
    middle of a ring must not fill it.
    """

    def __init__(self, size: int):
        self.size = size
        self.copper = np.zeros((size, size), np.uint8)
        self.reserved = np.zeros((size, size), np.uint8)
        self._drills: list[tuple[int, int, int]] = []
        self._room: np.ndarray | None = None

    def room(self) -> np.ndarray:
        """Distance of each pixel to the nearest copper or reserved one: float32 [S, S], pixels."""
        if self._room is None:
            self._room = _distance_to(self.copper | self.reserved)
        return self._room

    def room_without(self, ignored: np.ndarray) -> np.ndarray:
        """The same as `room` where copper under `ignored` (uint8 [S, S]) does not count."""
        return _distance_to((self.copper | self.reserved) & (1 - ignored))

    def outline(self, pads: list[Pad]) -> np.ndarray:
        """The copper of pads that need not be on the board: uint8 [S, S]."""
        mask = np.zeros_like(self.copper)
        for pad in pads:
            draw_pad(mask, pad)
        return mask

    def try_add(self, shape: np.ndarray, clearance: int) -> bool:
        """Adds copper (uint8 [S, S]) if it keeps `clearance` pixels from everything; says whether it did."""
        if not shape.any() or self.room()[shape > 0].min() < clearance:
            return False
        self.add(shape)
        return True

    def add(self, shape: np.ndarray) -> None:
        """Adds copper without asking."""
        self.copper |= shape
        self._room = None

    def drill(self, x: int, y: int, radius: int) -> None:
        """Plans a hole."""
        self._drills.append((x, y, radius))

    def drilled(self) -> np.ndarray:
        """The copper with all holes: uint8 [S, S]."""
        copper = self.copper.copy()
        for x, y, radius in self._drills:
            cv2.circle(copper, (x, y), radius, 0, -1)
        return copper


def _distance_to(taken: np.ndarray) -> np.ndarray:
    return cv2.distanceTransform(1 - taken, cv2.DIST_L2, cv2.DIST_MASK_5)


def draw_pad(mask: np.ndarray, pad: Pad) -> None:
    """Sets the pixels of a pad to 1, without its hole."""
    left, right = pad.x - pad.half_width, pad.x + pad.half_width
    top, bottom = pad.y - pad.half_height, pad.y + pad.half_height
    if pad.shape == PadShape.RECTANGLE:
        cv2.rectangle(mask, (left, top), (right, bottom), 1, -1)
        return
    # Round and oval pads are a disc moved along the longer side.
    radius = min(pad.half_width, pad.half_height)
    if pad.half_width > pad.half_height:
        cv2.rectangle(mask, (left + radius, top), (right - radius, bottom), 1, -1)
    elif pad.half_height > pad.half_width:
        cv2.rectangle(mask, (left, top + radius), (right, bottom - radius), 1, -1)
    cv2.circle(mask, (left + radius, top + radius), radius, 1, -1)
    cv2.circle(mask, (right - radius, bottom - radius), radius, 1, -1)


def draw_trace(mask: np.ndarray, points: list[tuple[int, int]], width: int) -> None:
    """Sets the pixels of a trace of `width` pixels through (x, y) points to 1."""
    cv2.polylines(mask, [np.array(points, np.int32)], False, 1, width)
