"""Boards: images too large for one message, sent in pieces."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Optional, Union

import numpy as np
import numpy.typing as npt

from ymasknet.enums import MaskFormat, PixelFormat, PixelFormatLike, Task, number_of
from ymasknet.images import format_of, packed, whole_number
from ymasknet.v1 import board_service_pb2 as wire
from ymasknet.v1 import inspection_service_pb2 as inspection_wire

# Large enough to cost nothing by their number, small enough that a server takes them by default.
_PIECE_BYTES = 1 << 20

Strip = Union[bytes, "npt.NDArray[Any]"]
"""One whole row of a board or several: bytes without padding, or an array `[rows, width]` or `[rows, width, 3]`."""

Strips = Union[Iterable[Strip], AsyncIterable[Strip]]
"""Strips from the top down. `AsyncClient` takes either kind, `Client` the one that is not asynchronous."""

Progress = Callable[[int, int], None]
"""Told how many bytes of a board have been handed to gRPC, and how many there are."""


class Board:
    """A board to inspect. It is drawn from its source piece by piece while it is sent."""

    def __init__(
        self, opening: wire.BoardOpening, total_bytes: int, source: Callable[[], Strips], can_be_read_again: bool
    ) -> None:
        self._opening = opening
        self._source = source
        self.total_bytes: int = total_bytes
        """Length of the board as it is sent."""
        self.can_be_read_again: bool = can_be_read_again
        """Whether a call that was refused for the moment may be tried again."""

    @staticmethod
    def from_strips(width: int, height: int, pixel_format: PixelFormatLike, strips: Strips) -> Board:
        """Takes rows as a line-scan camera gives them, once.

        - `width`, `height`: of the board. Unit: pixels. Range: at least 1.
        - `pixel_format`: layout of a pixel.
        - `strips`: see `Strip`. How the rows are parted has no influence on the answer. While the server's tiles wait for
          their turn, no more strips are drawn.

        Raises `ValueError` for sizes that can't be. A strip that does not fit raises when it is drawn.
        """
        chosen = PixelFormat.of(pixel_format)
        raw = _raw(width, height, chosen)
        total = width * height * chosen.pixel_bytes
        return Board(
            wire.BoardOpening(raw=raw), total, lambda: _checked(strips, width, chosen), can_be_read_again=False
        )

    @staticmethod
    def from_array(array: npt.NDArray[Any], pixel_format: Optional[PixelFormatLike] = None) -> Board:
        """Takes the pixels of an array, for example one that `numpy.memmap` maps. About 1 MiB of it is copied at a time; it
        must stay as it is until the answer has come.

        - `array`, `pixel_format`: as `Image.from_array`.
        """
        chosen = format_of(array, pixel_format)
        height, width = array.shape[:2]
        rows = max(1, _PIECE_BYTES // (width * chosen.pixel_bytes))
        return Board(
            wire.BoardOpening(raw=_raw(width, height, chosen)),
            width * height * chosen.pixel_bytes,
            lambda: (packed(array[top : top + rows]) for top in range(0, height, rows)),
            can_be_read_again=True,
        )

    @staticmethod
    def from_file(path: Union[str, "os.PathLike[str]"]) -> Board:
        """Takes a JPEG, PNG, TIFF, WebP or BMP file, which is read while it is sent. The server recognises the format by its
        signature.

        Raises `OSError` where the file is not there.
        """
        size = Path(path).stat().st_size
        opening = wire.BoardOpening(encoded=wire.EncodedBoard(size_bytes=size))
        return Board(opening, size, lambda: _read(Path(path), size), can_be_read_again=True)

    def opening(
        self,
        task: Task,
        model: str,
        options: Optional[inspection_wire.DetectionOptions],
        mask_format: MaskFormat,
        overlap: Optional[int],
    ) -> wire.InspectBoardRequest:
        """The message that opens the board."""
        opening = wire.BoardOpening(
            task=number_of(Task, task), model=model, options=options, mask_format=number_of(MaskFormat, mask_format)
        )
        opening.MergeFrom(self._opening)
        if overlap is not None:
            opening.overlap = whole_number("overlap", overlap, 0)
        return wire.InspectBoardRequest(opening=opening)

    def messages(self, progress: Optional[Progress]) -> Iterator[wire.InspectBoardRequest]:
        """The messages after the opening."""
        pieces = self._source()
        if isinstance(pieces, AsyncIterable):
            raise TypeError("Strips that come asynchronously are for AsyncClient.")
        sent = 0
        for piece in pieces:
            yield self._message(piece)
            sent += len(piece)
            if progress is not None:
                progress(sent, self.total_bytes)

    async def messages_async(self, progress: Optional[Progress]) -> AsyncIterator[wire.InspectBoardRequest]:
        """The messages after the opening, from a source of either kind."""
        pieces = self._source()
        if not isinstance(pieces, AsyncIterable):
            for message in self.messages(progress):
                yield message
            return
        sent = 0
        async for piece in pieces:
            yield self._message(piece)
            sent += len(piece)
            if progress is not None:
                progress(sent, self.total_bytes)

    def _message(self, piece: Any) -> wire.InspectBoardRequest:
        if self._opening.WhichOneof("form") == "raw":
            return wire.InspectBoardRequest(rows=piece)
        return wire.InspectBoardRequest(file_piece=piece)


BoardLike = Union[Board, str, "os.PathLike[str]", "npt.NDArray[Any]"]
"""A `Board`, the path of an image file, or an array as `Board.from_array` takes it without a format."""


def as_board(board: BoardLike) -> Board:
    """A board in any form that callers may give.

    Raises `TypeError` for anything else.
    """
    if isinstance(board, Board):
        return board
    if isinstance(board, np.ndarray):
        return Board.from_array(board)
    if isinstance(board, (str, os.PathLike)):
        return Board.from_file(board)
    raise TypeError(f"{type(board).__name__} is no board: give a path, an array or a Board.")


def _raw(width: int, height: int, pixel_format: PixelFormat) -> wire.RawBoard:
    return wire.RawBoard(
        width=whole_number("width", width, 1),
        height=whole_number("height", height, 1),
        pixel_format=number_of(PixelFormat, pixel_format),
    )


def _checked(strips: Strips, width: int, pixel_format: PixelFormat) -> Strips:
    """Strips as bytes."""
    if isinstance(strips, AsyncIterable):
        return (_strip(strip, width, pixel_format) async for strip in strips)
    return (_strip(strip, width, pixel_format) for strip in strips)


def _strip(strip: Strip, width: int, pixel_format: PixelFormat) -> bytes:
    if isinstance(strip, (bytes, bytearray, memoryview)):
        return bytes(strip)
    format_of(strip, pixel_format)
    if strip.shape[1] != width:
        raise ValueError(f"A strip of shape {list(strip.shape)} is not of the board's width, {width}.")
    return packed(strip)


def _read(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        rest = size
        while rest:
            piece = file.read(min(_PIECE_BYTES, rest))
            if not piece:
                raise OSError(f"{path} ended {rest} bytes before its length.")
            rest -= len(piece)
            yield piece
