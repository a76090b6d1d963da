"""The six kinds of defects on printed circuit boards."""

from enum import IntEnum


class Defect(IntEnum):
    """The class indices of the network."""

    OPEN = 0
    SHORT = 1
    MOUSEBITE = 2
    SPUR = 3
    COPPER = 4
    PINHOLE = 5
