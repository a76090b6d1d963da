"""The PNG pictures that the server sends, grey of 1 or 8 bits, so that the package needs no image codec."""

from __future__ import annotations

import zlib
from typing import Tuple

import numpy as np
import numpy.typing as npt

from ymasknet.errors import MaskError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def read(file: bytes, height: int, width: int, bit_depth: int) -> npt.NDArray[np.uint8]:
    """The samples of a grey picture, uint8 `[height, width]`.

    Raises `MaskError` where the file is damaged, or is not of this size and depth.
    """
    if height < 1 or width < 1:
        raise MaskError(f"A picture of {width} x {height} pixels has none.")
    compressed = _gather(file, height, width, bit_depth)
    row_bytes = (width * bit_depth + 7) // 8
    size = height * (row_bytes + 1)
    try:
        rows = zlib.decompressobj().decompress(compressed, size)
    except zlib.error as error:
        raise MaskError(f"A PNG file is damaged: {error}.") from error
    if len(rows) < size:
        raise MaskError("A PNG file is truncated.")
    lines = np.frombuffer(rows, np.uint8).reshape(height, row_bytes + 1)
    samples = _unfilter(lines[:, 0], lines[:, 1:])
    return samples if bit_depth == 8 else np.unpackbits(samples, axis=1, count=width)


def _gather(file: bytes, height: int, width: int, bit_depth: int) -> bytes:
    """Checks the chunks and the header, and gives the compressed samples."""
    if not file.startswith(_SIGNATURE):
        raise MaskError("A picture is no PNG file.")
    compressed = bytearray()
    has_header = False
    at = len(_SIGNATURE)
    while True:
        kind, data, at = _chunk(file, at)
        if kind == b"IHDR":
            _check_header(data, height, width, bit_depth)
            has_header = True
        elif kind == b"IDAT":
            compressed += data
        elif kind == b"IEND":
            if not has_header:
                raise MaskError("A PNG file has no header.")
            return bytes(compressed)


def _chunk(file: bytes, at: int) -> Tuple[bytes, bytes, int]:
    """The kind and the content of a chunk, and where the next one begins."""
    length = int.from_bytes(file[at : at + 4], "big")
    end = at + 8 + length
    if len(file) < end + 4:
        raise MaskError("A PNG file is truncated.")
    if zlib.crc32(file[at + 4 : end]) != int.from_bytes(file[end : end + 4], "big"):
        raise MaskError("A PNG file is damaged: a chunk has another checksum.")
    return file[at + 4 : at + 8], file[at + 8 : end], end + 4


def _check_header(header: bytes, height: int, width: int, bit_depth: int) -> None:
    if len(header) != 13:
        raise MaskError("A PNG file's header is damaged.")
    file_width, file_height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    if (file_width, file_height) != (width, height):
        raise MaskError(f"A PNG file has {file_width} x {file_height} pixels instead of {width} x {height}.")
    depth, colour_type, interlace = header[8], header[9], header[12]
    if (depth, colour_type, interlace) != (bit_depth, 0, 0):
        raise MaskError(f"A PNG file is not grey of {bit_depth} bits without interlacing.")


def _unfilter(filters: npt.NDArray[np.uint8], rows: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Undoes the rows' filters. The pixel to the left is the byte to the left at these depths."""
    if not filters.any():
        return rows
    samples = np.empty_like(rows)
    above = np.zeros(rows.shape[1], np.uint8)
    for index, (kind, row) in enumerate(zip(filters.tolist(), rows)):
        if kind == 0:
            line = row
        elif kind == 1:
            line = np.cumsum(row, dtype=np.uint8)
        elif kind == 2:
            line = row + above
        elif kind in (3, 4):
            line = _unpredict(kind, row, above)
        else:
            raise MaskError(f"A PNG file uses the unknown filter {kind}.")
        samples[index] = above = line
    return samples


def _unpredict(kind: int, row: npt.NDArray[np.uint8], above: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The filters whose every byte depends on the one before it: average (3) and Paeth (4)."""
    line = bytearray()
    left = above_left = 0
    for value, up in zip(row.tolist(), above.tolist()):
        predicted = (left + up) // 2 if kind == 3 else _paeth(left, up, above_left)
        left, above_left = (value + predicted) & 0xFF, up
        line.append(left)
    return np.frombuffer(line, np.uint8)


def _paeth(left: int, above: int, above_left: int) -> int:
    to_left, to_above, to_corner = abs(above - above_left), abs(left - above_left), abs(left + above - 2 * above_left)
    if to_left <= to_above and to_left <= to_corner:
        return left
    return above if to_above <= to_corner else above_left
