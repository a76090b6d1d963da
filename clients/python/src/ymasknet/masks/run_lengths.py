"""COCO run lengths: columns from left to right, each from top to bottom, the first run counting pixels outside.

A compressed string holds each run from the fourth on as its difference to the run two before, in groups of 5 bits, lowest
first, 0x20 marking that more follow, offset by 48.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ymasknet.errors import MaskError
from ymasknet.masks.crop import EMPTY, Crop, tighten

_Runs = npt.NDArray[np.int64]

# 35 bits: longer than a run of any image.
_MOST_GROUPS = 7


def parse(counts: str, height: int, width: int) -> _Runs:
    """The runs of a compressed string, int64 `[K]`; they add up to the image.

    Raises `MaskError` where the string is damaged or is of an image of another size.
    """
    # One number for each character, whatever it is.
    groups = np.frombuffer(counts.encode("utf-32-le"), np.uint32).astype(np.int64) - 48
    is_foreign = (groups < 0) | (groups > 63)
    if is_foreign.any():
        raise MaskError(f"The counts of a COCO mask hold a foreign character at position {int(np.argmax(is_foreign))}.")
    if groups.size and groups[-1] & 0x20:
        raise MaskError("The counts of a COCO mask end inside a run.")
    runs = _undelta(_join(groups)) if groups.size else np.zeros(0, np.int64)
    if (runs < 0).any():
        raise MaskError(f"Run {int(np.argmax(runs < 0))} of a COCO mask is negative.")
    if int(runs.sum()) != height * width:
        raise MaskError(
            f"The runs of a COCO mask cover {int(runs.sum())} pixels, its image of {width} x {height} has {height * width}."
        )
    return runs


def decode(counts: str, height: int, width: int) -> Crop:
    """The pixels of a compressed string.

    Raises `MaskError` as `parse` does.
    """
    runs = parse(counts, height, width)
    ends = np.cumsum(runs)
    is_inside = (np.arange(runs.size) % 2 == 1) & (runs > 0)
    if not is_inside.any():
        return EMPTY
    # Only the columns between the first and the last pixel: boards are large, and most defects are small.
    left = int((ends - runs)[is_inside][0] // height)
    right = int((ends[is_inside][-1] - 1) // height) + 1
    edges = np.clip(np.concatenate([[0], ends]), left * height, right * height)
    column_major = np.repeat(np.arange(runs.size) % 2 == 1, np.diff(edges)).reshape(right - left, height)
    return tighten(Crop(left, 0, column_major.T))


def encode(crop: Crop, height: int, width: int) -> str:
    """The compressed string of a mask that lies in an image."""
    rows, columns = crop.pixels.shape
    column_major = np.zeros((columns, height), np.bool_)
    column_major[:, crop.y : crop.y + rows] = crop.pixels.T
    flat = column_major.ravel()
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=False).astype(np.bool_)) + crop.x * height
    runs = np.diff(np.concatenate([[0], edges, [height * width]]))
    # A mask that reaches the image's end has no run after it.
    return compress(runs[:-1] if runs.size > 1 and runs[-1] == 0 else runs)


def compress(runs: _Runs) -> str:
    """The compressed string of runs."""
    deltas = runs.astype(np.int64)
    deltas[3:] -= runs[1:-2]
    letters = bytearray()
    for delta in deltas.tolist():
        while True:
            group, delta = delta & 0x1F, delta >> 5
            # The sign is the highest bit of the last group.
            is_last = delta == (-1 if group & 0x10 else 0)
            letters.append((group if is_last else group | 0x20) + 48)
            if is_last:
                break
    return letters.decode("ascii")


def _join(groups: _Runs) -> _Runs:
    """Puts groups of 5 bits together into signed numbers."""
    last = np.flatnonzero((groups & 0x20) == 0)
    first = np.concatenate([[0], last[:-1] + 1])
    lengths = last - first + 1
    if lengths.max() > _MOST_GROUPS:
        raise MaskError("A run of a COCO mask is longer than any image.")
    place = np.arange(groups.size) - np.repeat(first, lengths)
    values = np.add.reduceat((groups & 0x1F) << (5 * place), first)
    is_negative = (groups[last] & 0x10) != 0
    return np.where(is_negative, values - (np.int64(1) << (5 * lengths)), values)


def _undelta(values: _Runs) -> _Runs:
    runs = values.copy()
    runs[1::2] = np.cumsum(values[1::2])
    runs[2::2] = np.cumsum(values[2::2])
    return runs
