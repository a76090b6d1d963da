"""A mask of whatever wire format as pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional, Tuple, Union

import numpy as np
import numpy.typing as npt

from ymasknet.errors import MaskError
from ymasknet.geometry import Box, ImageSize, Rectangle
from ymasknet.masks import png, polygons, run_lengths
from ymasknet.masks.crop import EMPTY, Crop, tighten


@dataclass(frozen=True)
class CocoRle:
    """A mask as the server sent it for `MaskFormat.COCO_RLE`: as pycocotools writes it, over the whole image."""

    height: int
    """Of the image. Unit: pixels."""
    width: int
    """Of the image. Unit: pixels."""
    counts: str
    """The compressed runs."""


@dataclass(frozen=True)
class Polygons:
    """A mask as the server sent it for `MaskFormat.POLYGON`."""

    rings: Tuple[Tuple[Tuple[float, float], ...], ...]
    """Corners (x, y) of closed rings along pixel edges, outer ones and holes, told apart by the even-odd rule."""


@dataclass(frozen=True)
class PngPicture:
    """A mask as the server sent it for `MaskFormat.PNG`: a picture of its bounding rectangle."""

    place: Rectangle
    """Where the picture lies in the image."""
    data: bytes = field(repr=False)
    """A PNG file, 1 bit grey: 1 inside, 0 outside."""


MaskEncoding = Union[CocoRle, Polygons, PngPicture]
"""A mask in the form in which it came."""


@dataclass(frozen=True)
class Mask:
    """Which pixels of an image belong to a defect or a region. It is decoded when its pixels are first asked for.

    What gives pixels raises `MaskError` where the mask is damaged, or has none because `MaskFormat.NONE` was asked for.
    """

    area: int
    """Number of pixels in the mask."""
    image_size: ImageSize
    """Size of the inspected image."""
    encoding: Optional[MaskEncoding]
    """The mask as it came; `None` where it is empty, or where `MaskFormat.NONE` was asked for."""

    @property
    def bounds(self) -> Rectangle:
        """The smallest rectangle around the mask's pixels; of no width and height where the mask is empty."""
        crop = self._crop
        height, width = crop.pixels.shape
        return Rectangle(crop.x, crop.y, width, height)

    @property
    def pixels(self) -> npt.NDArray[np.bool_]:
        """The mask inside its `bounds`: bool `[bounds.height, bounds.width]`, read-only, the same array every time."""
        return self._crop.pixels

    def to_image(self) -> npt.NDArray[np.bool_]:
        """The mask over the whole image: bool `[image_size.height, image_size.width]`, a new array."""
        return self.over(Rectangle(0, 0, self.image_size.width, self.image_size.height))

    def over(self, part: Union[Box, Rectangle]) -> npt.NDArray[np.bool_]:
        """The mask over a part of the image: bool `[height, width]`, a new array.

        - `part`: a rectangle of whole pixels, or a box, for example the defect's own: from column `floor(x)` to
          `ceil(x + width) - 1` and from row `floor(y)` to `ceil(y + height) - 1`. May reach over the image, where no pixel
          belongs to the mask.
        """
        crop = self._crop
        left, top = math.floor(part.x), math.floor(part.y)
        width, height = math.ceil(part.x + part.width) - left, math.ceil(part.y + part.height) - top
        result = np.zeros((height, width), np.bool_)
        rows, columns = crop.pixels.shape
        first_row, end_row = max(top, crop.y), min(top + height, crop.y + rows)
        first_column, end_column = max(left, crop.x), min(left + width, crop.x + columns)
        if first_row < end_row and first_column < end_column:
            result[first_row - top : end_row - top, first_column - left : end_column - left] = crop.pixels[
                first_row - crop.y : end_row - crop.y, first_column - crop.x : end_column - crop.x
            ]
        return result

    @property
    def counts(self) -> str:
        """The mask as compressed COCO run lengths over the whole image, whichever way it came."""
        if isinstance(self.encoding, CocoRle):
            return self.encoding.counts
        return run_lengths.encode(self._crop, self.image_size.height, self.image_size.width)

    @cached_property
    def _crop(self) -> Crop:
        crop = self._decode()
        found = int(np.count_nonzero(crop.pixels))
        if found != self.area:
            raise MaskError(f"A mask has {found} pixels, its area says {self.area}.")
        crop.pixels.setflags(write=False)
        return crop

    def _decode(self) -> Crop:
        height, width = self.image_size.height, self.image_size.width
        if self.encoding is None:
            if self.area:
                raise MaskError(f"The mask's {self.area} pixels were not sent: no masks were asked for.")
            return EMPTY
        if isinstance(self.encoding, CocoRle):
            self._check_reach(self.encoding.width, self.encoding.height, exactly=True)
            return run_lengths.decode(self.encoding.counts, height, width)
        if isinstance(self.encoding, Polygons):
            rings = [np.array(ring, np.float64).reshape(-1, 2) for ring in self.encoding.rings]
            return polygons.fill(rings, height, width)
        place = self.encoding.place
        self._check_reach(place.x + place.width, place.y + place.height, exactly=False)
        samples = png.read(self.encoding.data, place.height, place.width, bit_depth=1)
        return tighten(Crop(place.x, place.y, samples.astype(np.bool_)))

    def _check_reach(self, right: int, bottom: int, exactly: bool) -> None:
        width, height = self.image_size.width, self.image_size.height
        if right > width or bottom > height or (exactly and (right, bottom) != (width, height)):
            raise MaskError(f"A mask reaches to {right} x {bottom} pixels, the image has {width} x {height}.")
