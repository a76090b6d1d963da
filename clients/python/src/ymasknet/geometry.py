"""Geometry in image pixels.

The origin is the outer corner of the top-left pixel, whose centre is (0.5, 0.5); x grows to the right, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A point."""

    x: float
    """Unit: image pixels. Range: [0, image width] in answers."""
    y: float
    """Unit: image pixels. Range: [0, image height] in answers."""


@dataclass(frozen=True)
class Box:
    """An axis-parallel rectangle."""

    x: float
    """Left edge. Unit: image pixels. Range: [0, image width] in answers."""
    y: float
    """Top edge. Unit: image pixels. Range: [0, image height] in answers."""
    width: float
    """Unit: image pixels. Range: > 0."""
    height: float
    """Unit: image pixels. Range: > 0."""

    @property
    def right(self) -> float:
        """Right edge. Unit: image pixels."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge. Unit: image pixels."""
        return self.y + self.height

    def __str__(self) -> str:
        return f"({self.x:.1f}, {self.y:.1f}) {self.width:.1f} x {self.height:.1f}"


@dataclass(frozen=True)
class Rectangle:
    """Whole pixels: columns `x` to `x + width - 1`, rows `y` to `y + height - 1`."""

    x: int
    """Left-most column."""
    y: int
    """Top-most row."""
    width: int
    """Number of columns. 0 for nothing."""
    height: int
    """Number of rows. 0 for nothing."""


@dataclass(frozen=True)
class ImageSize:
    """Width and height of an image."""

    width: int
    """Unit: pixels."""
    height: int
    """Unit: pixels."""
