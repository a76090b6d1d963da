"""Images as callers give them: files, their bytes, arrays, buffers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from ymasknet.enums import PixelFormat, PixelFormatLike, number_of
from ymasknet.v1 import image_pb2 as wire


class Image:
    """An image to inspect, in the form in which it is sent. It does not change, and can be sent any number of times."""

    def __init__(self, form: wire.Image, data: bytes = b"") -> None:
        self._form = form
        self._data = data

    @staticmethod
    def from_file(path: Union[str, "os.PathLike[str]"]) -> Image:
        """Reads a JPEG, PNG, TIFF, WebP or BMP file. The server recognises the format by its signature.

        Raises `OSError` where the file can't be read.
        """
        return Image.from_bytes(Path(path).read_bytes())

    @staticmethod
    def from_bytes(encoded: Union[bytes, bytearray, memoryview]) -> Image:
        """Takes the bytes of a JPEG, PNG, TIFF, WebP or BMP file. `bytes` are not copied here."""
        return Image(wire.Image(encoded=b""), _as_bytes(encoded))

    @staticmethod
    def from_array(array: npt.NDArray[Any], pixel_format: Optional[PixelFormatLike] = None) -> Image:
        """Takes the pixels of an array, in any memory layout.

        The pixels are copied here, once, into rows without padding, so that the array may be written again at once. 16-bit
        samples of the other byte order are swapped first.

        - `array`: uint8 or uint16 `[height, width]`, or uint8 `[height, width, 3]`.
        - `pixel_format`: what the samples are. Default: `MONO8` or `MONO16` for `[height, width]`. Must be given for
          `[height, width, 3]`: `"RGB8"`, or `"BGR8"` for what OpenCV reads.

        Raises `TypeError` for other types, `ValueError` for other shapes, and where the format is missing or does not fit.
        """
        chosen = format_of(array, pixel_format)
        height, width = array.shape[:2]
        return Image.from_raw(packed(array), chosen, width, height)

    @staticmethod
    def from_raw(
        pixels: Union[bytes, bytearray, memoryview],
        pixel_format: PixelFormatLike,
        width: int,
        height: int,
        stride: int = 0,
    ) -> Image:
        """Takes uncompressed pixels, row-major, top row first. `bytes` are not copied here.

        - `pixels`: `(height - 1) * stride` bytes and at least one row without padding; at most `height * stride`.
        - `pixel_format`: layout of a pixel.
        - `width`, `height`: unit: pixels; range: at least 1.
        - `stride`: bytes from one row's start to the next. Default: 0, rows follow each other without padding.

        Raises `ValueError` for sizes that can't be.
        """
        raw = wire.RawImage(
            pixel_format=number_of(PixelFormat, PixelFormat.of(pixel_format)),
            width=whole_number("width", width, 1),
            height=whole_number("height", height, 1),
            stride=whole_number("stride", stride, 0),
        )
        return Image(wire.Image(raw=raw), _as_bytes(pixels))

    def write_to(self, message: wire.Image) -> None:
        """Puts the image into a request; this copies its bytes."""
        message.CopyFrom(self._form)
        form = self._form.WhichOneof("source")
        if form == "encoded":
            message.encoded = self._data
        elif form == "raw":
            message.raw.data = self._data


ImageLike = Union[Image, str, "os.PathLike[str]", bytes, "npt.NDArray[Any]"]
"""An `Image`, the path of an image file, the bytes of one, or an array as `Image.from_array` takes it without a format."""


def as_image(image: ImageLike) -> Image:
    """An image in any form that callers may give.

    Raises `TypeError` for anything else.
    """
    if isinstance(image, Image):
        return image
    if isinstance(image, np.ndarray):
        return Image.from_array(image)
    if isinstance(image, (bytes, bytearray, memoryview)):
        return Image.from_bytes(image)
    if isinstance(image, (str, os.PathLike)):
        return Image.from_file(image)
    raise TypeError(f"{type(image).__name__} is no image: give a path, bytes of a file, an array or an Image.")


def format_of(array: npt.NDArray[Any], pixel_format: Optional[PixelFormatLike]) -> PixelFormat:
    """The format of an array's pixels, checked against its type and shape."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{type(array).__name__} is no numpy array.")
    if array.dtype.kind != "u" or array.dtype.itemsize > 2:
        raise TypeError(f"An image's array has samples of type uint8 or uint16, not {array.dtype}.")
    is_grey = array.ndim == 2
    if not is_grey and not (array.ndim == 3 and array.shape[2] == 3):
        raise ValueError(
            f"An image's array has the shape [height, width] or [height, width, 3], not {list(array.shape)}."
        )
    if array.size == 0:
        raise ValueError(f"An array of shape {list(array.shape)} has no pixels.")
    if pixel_format is None:
        if not is_grey:
            raise ValueError(
                'Whether an array of three channels is "RGB8" or "BGR8" must be said: Image.from_array(array, "BGR8").'
            )
        return PixelFormat.MONO8 if array.dtype.itemsize == 1 else PixelFormat.MONO16
    chosen = PixelFormat.of(pixel_format)
    if chosen.channels != (1 if is_grey else 3) or chosen.sample_bytes != array.dtype.itemsize:
        raise ValueError(f"{chosen.name} does not fit an array of {array.dtype} and shape {list(array.shape)}.")
    return chosen


def packed(array: npt.NDArray[Any]) -> bytes:
    """The rows of an array as they go over the wire, without padding, little-endian: one copy."""
    if array.dtype.itemsize == 2:
        array = array.astype("<u2", copy=False)
    return array.tobytes()


def whole_number(name: str, value: int, least: int, most: int = 2**32 - 1) -> int:
    """A number for the wire.

    Raises `ValueError` that names it where it is out of range.
    """
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}; it must be a whole number from {least} to {most}.")
    return int(value)


def _as_bytes(data: Union[bytes, bytearray, memoryview]) -> bytes:
    # Protobuf takes nothing but bytes; for the others this is a copy more.
    return data if isinstance(data, bytes) else bytes(data)
