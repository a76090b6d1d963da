"""Shapes of defects that were seen on real boards, to be drawn again elsewhere."""

from dataclasses import dataclass
from typing import Mapping, NamedTuple, Sequence

import numpy as np

from training.generator.margins import MIRRORED, QUARTER_TURNED, UNTURNED, Margin, then, turned_margin


class Stamp(NamedTuple):
    """One defect's shape and what its labelled box leaves around it."""

    shape: np.ndarray
    """uint8 [2S + 1, 2S + 1], 1 inside; the middle of its tight box lies at the center."""
    margin: Margin
    """Pixels from the tight box of the shape to the labelled box: left, top, right, bottom."""


@dataclass(frozen=True)
class StampLibrary:
    """Stamps by kind of defect (its class index)."""

    stamps: Mapping[int, Sequence[Stamp]]

    def draw(self, kind: int, rng: np.random.Generator) -> Stamp | None:
        """A random stamp of a kind in one of its eight orientations; None where the library has none of the kind."""
        known = self.stamps.get(int(kind), ())
        if not known:
            return None
        shape, margin = known[rng.integers(len(known))]
        order = UNTURNED
        if rng.random() < 0.5:
            shape, order = shape[:, ::-1], then(order, MIRRORED)
        for _ in range(rng.integers(4)):
            shape, order = np.rot90(shape), then(order, QUARTER_TURNED)
        return Stamp(np.ascontiguousarray(shape), turned_margin(kind, margin, order))


def cut_stamp(mask: np.ndarray, box: np.ndarray) -> Stamp | None:
    """The stamp of a defect with mask bool [H, W] and labelled box x1, y1, x2, y2; None for an empty mask."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if len(rows) == 0:
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    part = mask[top:bottom, left:right]
    half = max(part.shape) // 2 + 1
    shape = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    first_row, first_column = half - part.shape[0] // 2, half - part.shape[1] // 2
    shape[first_row : first_row + part.shape[0], first_column : first_column + part.shape[1]] = part
    x1, y1, x2, y2 = (float(value) for value in box)
    return Stamp(shape, (left - x1, top - y1, x2 - right, y2 - bottom))
