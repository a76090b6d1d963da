"""COCO run-length encoding of masks: column by column, the first run counts background.

Run lengths stand either as a list (uncompressed) or as a string (compressed): each run from the fourth on as the
difference to the run two before, in groups of 5 bits, lowest first, 0x20 marking that more follow, offset by 48.
"""

import numpy as np


def encode(mask: np.ndarray) -> list[int]:
    """Run lengths of a mask [H, W]."""
    flat = np.asarray(mask, bool).ravel(order="F")
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    runs = np.diff(np.concatenate([[0], edges, [flat.size]]))
    if flat.size and flat[0]:
        runs = np.concatenate([[0], runs])
    return runs.tolist()


def decode(counts: str | list[int], height: int, width: int) -> np.ndarray:
    """Mask, bool [height, width]. Raises `ValueError` where the runs do not cover the image exactly."""
    runs = run_lengths(counts)
    _check_cover(runs, height, width)
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(width, height).T


def compress(runs: list[int] | np.ndarray) -> str:
    """Run lengths as a compressed string."""
    letters = []
    for index, run in enumerate(runs):
        value = int(run) - int(runs[index - 2]) if index > 2 else int(run)
        while True:
            group, value = value & 0x1F, value >> 5
            # The sign is the highest bit of the last group.
            last = value == (-1 if group & 0x10 else 0)
            letters.append(chr((group if last else group | 0x20) + 48))
            if last:
                break
    return "".join(letters)


def run_lengths(counts: str | list[int]) -> np.ndarray:
    """Run lengths, int64 [K], of either form. Raises `ValueError` where a string is not of that form."""
    runs = _expand(counts) if isinstance(counts, str) else np.asarray(counts, np.int64).reshape(-1)
    if (runs < 0).any():
        raise ValueError("a run length is negative")
    return runs


def _expand(text: str) -> np.ndarray:
    if not text:
        return np.zeros(0, np.int64)
    groups = np.frombuffer(text.encode("latin-1", "replace"), np.uint8).astype(np.int64) - 48
    if (groups < 0).any() or (groups > 63).any() or groups[-1] & 0x20:
        raise ValueError("not a compressed run-length string")
    last = np.flatnonzero((groups & 0x20) == 0)
    first = np.concatenate([[0], last[:-1] + 1])
    place = np.arange(len(groups)) - np.repeat(first, last - first + 1)
    if place.max() > 6:
        raise ValueError("a run length does not fit into 32 bits")
    values = np.add.reduceat((groups & 0x1F) << (5 * place), first)
    negative = (groups[last] & 0x10) != 0
    values = np.where(negative, values - (1 << (5 * (place[last] + 1))), values)
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def _check_cover(runs: np.ndarray, height: int, width: int) -> None:
    if int(runs.sum()) != height * width:
        raise ValueError(f"runs cover {int(runs.sum())} pixels, the image has {height} x {width}")
