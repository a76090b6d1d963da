"""Draws the six DeepPCB defect kinds on binary boards (0 copper, 255 laminate) with exact masks and boxes.

Every defect is checked for what it claims to be: an open parts a conductor, a short joins two, a pin-hole is a hole of
its own, and so on. What fails the check is not drawn.
"""

from typing import NamedTuple, Sequence

import cv2
import numpy as np

from training.generator.kinds import Defect
from training.generator.margins import BOX_MARGIN
from training.generator.stamps import Stamp, StampLibrary
from training.generator.strokes import bent_line, blob


REMOVES_COPPER = frozenset({Defect.OPEN, Defect.MOUSEBITE, Defect.PINHOLE})
"""Kinds that turn copper into laminate; the others do the reverse."""

KIND_WEIGHTS = {
    Defect.OPEN: 1.8,
    Defect.SHORT: 2.4,
    Defect.MOUSEBITE: 1.1,
    Defect.SPUR: 1.1,
    Defect.COPPER: 0.8,
    Defect.PINHOLE: 0.8,
}
"""How often each kind is tried. Shorts and opens are the hardest to learn, and fail the check most often."""

STROKE_EXCESS = {
    Defect.OPEN: 2.5,
    Defect.SHORT: 2.5,
    Defect.MOUSEBITE: 1.3,
    Defect.SPUR: 1.3,
    Defect.COPPER: 0.0,
    Defect.PINHOLE: 0.0,
}
"""DeepPCB's boxes enclose the whole stroke, also where it ran over material of its own colour and changed nothing. This
is what it adds on each side of a drawn defect on average, in pixels."""

CROSSING_REACH = {Defect.OPEN: 26, Defect.SHORT: 32}
"""The farthest edge, in pixels from the ridge, over which an open or a short is drawn."""
SMALLEST_AREA = 18
"""Fewest changed pixels; the smallest defects that DeepPCB labels."""
CONTEXT = 20
"""Pixels around a stamp that the connectivity check looks at."""
CLEARANCE = 12
"""Pixels that new defects keep from the labelled boxes."""
EDGE_CLEARANCE = 12
"""Pixels that new defects keep from the board's edge, so that boxes are not cut."""
ATTEMPTS = 10
KNOWN_SHAPE_PROBABILITY = 0.7
"""Where a library of shapes is given, how often a defect takes its shape from there."""
SMALLEST_PART = 0.6
"""Of a shape from the library, at least this part must change pixels; of less it would be another shape."""


class Field(NamedTuple):
    """One material of the board, copper or laminate."""

    distance: np.ndarray
    """[H, W] float32: distance to the other material in pixels, 0 inside that."""
    ridge: np.ndarray
    """[H, W] bool: middle lines, where the distance is a local maximum."""


def add_defects(
    board: np.ndarray,
    label_map: np.ndarray,
    boxes: np.ndarray,
    classes: np.ndarray,
    rng: np.random.Generator,
    count: int,
    library: StampLibrary | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Adds up to `count` defects (fewer where the board has no room) and returns new arrays.

    board: uint8 [H, W], 0 copper and 255 laminate; label_map: uint8 [H, W], 0 background and k for the defect of row
    k - 1; boxes: float32 [K, 4] corners in pixels; classes: int64 [K]. The new defects follow the given ones. With a
    `library` most defects take their shape, and what their box leaves around it, from there.
    """
    board, label_map = board.copy(), label_map.copy()
    boxes, classes = list(boxes), list(classes)
    occupied = np.zeros(board.shape, bool)
    for box in boxes:
        _mark(occupied, box)

    copper = (board < 128).astype(np.uint8)
    fields = {True: _field(copper), False: _field(1 - copper)}
    kinds = list(KIND_WEIGHTS)
    odds = np.array(list(KIND_WEIGHTS.values()))
    for kind in rng.choice(kinds, count, p=odds / odds.sum()):
        kind = Defect(kind)
        drawn = _draw(board, occupied, fields, kind, rng, library)
        if drawn is None:
            continue
        rows, columns, margin = drawn
        label_map[rows, columns] = len(boxes) + 1
        board[rows, columns] = 255 if kind in REMOVES_COPPER else 0
        box = labelled_box(rows, columns, margin, board.shape)
        _mark(occupied, box)
        boxes.append(box)
        classes.append(int(kind))
    return board, label_map, np.array(boxes, np.float32).reshape(-1, 4), np.array(classes, np.int64)


def labelled_box(rows, columns, margin: Sequence[float], shape: tuple[int, int]) -> np.ndarray:
    """The box around the changed pixels with a margin (left, top, right, bottom): float32 x1, y1, x2, y2, clipped to the
    board."""
    left, top, right, bottom = margin
    corners = [columns.min() - left, rows.min() - top, columns.max() + 1 + right, rows.max() + 1 + bottom]
    height, width = shape
    return np.rint(corners).clip(0, [width, height, width, height]).astype(np.float32)


def drawn_margin(kind: Defect, rng: np.random.Generator) -> np.ndarray:
    """What a DeepPCB annotator would leave around a stroke: left, top, right, bottom, in pixels."""
    return np.array(BOX_MARGIN) + STROKE_EXCESS[kind] * rng.uniform(0.4, 1.6, 4)


def keeps_promise(kind: Defect, copper: np.ndarray, changed: np.ndarray) -> bool:
    """Whether turning the `changed` pixels over makes a defect of the kind. Both: bool [h, w], with some context."""
    if _components(changed) != 1:
        return False
    after = copper & ~changed if kind in REMOVES_COPPER else copper | changed
    conductors, gaps = _components(copper), _components(~copper)
    conductors_after, gaps_after = _components(after), _components(~after)
    if kind == Defect.OPEN:
        return conductors_after == conductors + 1
    if kind == Defect.SHORT:
        return conductors_after == conductors - 1
    if kind == Defect.PINHOLE:
        return conductors_after == conductors and gaps_after == gaps + 1
    if kind == Defect.COPPER:
        return conductors_after == conductors + 1
    return conductors_after == conductors and gaps_after == gaps


def _draw(board, occupied, fields, kind: Defect, rng, library: StampLibrary | None):
    """Rows and columns of the pixels that a new defect changes and the margin of its box, or None where none could be
    placed."""
    field = fields[kind in REMOVES_COPPER]
    for _ in range(ATTEMPTS):
        known = library.draw(kind, rng) if library and rng.random() < KNOWN_SHAPE_PROBABILITY else None
        placed = _place_known(field, kind, known, rng) if known else _place(field, kind, rng)
        if placed is None:
            continue
        stamp, row, column = placed
        half = stamp.shape[0] // 2
        reach = half + EDGE_CLEARANCE
        if not (reach <= row < board.shape[0] - reach and reach <= column < board.shape[1] - reach):
            continue
        near = half + CLEARANCE
        if occupied[row - near : row + near + 1, column - near : column + near + 1].any():
            continue

        top, left = max(row - half - CONTEXT, 0), max(column - half - CONTEXT, 0)
        window = (slice(top, row + half + CONTEXT + 1), slice(left, column + half + CONTEXT + 1))
        copper = board[window] < 128
        stroke = np.zeros(copper.shape, bool)
        first_row, first_column = row - half - top, column - half - left
        stroke[first_row : first_row + 2 * half + 1, first_column : first_column + 2 * half + 1] = stamp > 0
        changed = stroke & copper if kind in REMOVES_COPPER else stroke & ~copper
        smallest = max(SMALLEST_AREA, SMALLEST_PART * known.shape.sum()) if known else SMALLEST_AREA
        if changed.sum() >= smallest and keeps_promise(kind, copper, changed):
            rows, columns = np.nonzero(changed)
            return rows + top, columns + left, known.margin if known else drawn_margin(kind, rng)
    return None


def _place_known(field: Field, kind: Defect, known: Stamp, rng) -> tuple[np.ndarray, int, int] | None:
    """A given shape and its center, as (stamp, row, column), where the kind may stand."""
    if kind in CROSSING_REACH:
        half = known.shape.shape[0] // 2
        where = _pick(field.ridge & (field.distance > 0.2 * half) & (field.distance < half), rng)
    elif kind in (Defect.MOUSEBITE, Defect.SPUR):
        radius = np.sqrt(known.shape.sum() / np.pi)
        where = _pick((field.distance > 0.5) & (field.distance < 0.8 * radius), rng)
    else:
        where = _pick(field.distance > known.shape.shape[0] // 2 + 1, rng)
    return None if where is None else (known.shape, *where)


def _place(field: Field, kind: Defect, rng) -> tuple[np.ndarray, int, int] | None:
    """A stamp and its center, as (stamp, row, column), where the kind may stand."""
    if kind in CROSSING_REACH:
        return _place_crossing(field, CROSSING_REACH[kind], rng)
    on_edge = kind in (Defect.MOUSEBITE, Defect.SPUR)
    median, spread, longest = (4.5, 0.3, 1.6) if on_edge else (5.5, 0.3, 1.9)
    radius = float(np.clip(median * np.exp(rng.normal(0, spread)), 3, 12))
    stamp = blob(radius, rng.uniform(1, longest), rng)
    if on_edge:
        where = _pick((field.distance > 0.5) & (field.distance < 0.7 * radius), rng)
    else:
        where = _pick(field.distance > stamp.shape[0] // 2 + 1, rng)
    return None if where is None else (stamp, *where)


def _place_crossing(field: Field, reach: int, rng) -> tuple[np.ndarray, int, int] | None:
    """A line over the narrowest crossing at a random point of a middle line."""
    where = _pick(field.ridge & (field.distance < reach), rng)
    if where is None:
        return None
    crossing = narrowest_crossing(field.distance, *where, reach)
    if crossing is None:
        return None
    start, end = crossing
    direction = (end - start) / max(np.hypot(*(end - start)), 1.0)
    thickness = int(rng.integers(3, 11))
    start = start - direction * rng.uniform(1, 6)
    end = end + direction * rng.uniform(1, 6)
    return (bent_line(start, end, thickness, rng), *where)


def narrowest_crossing(distance: np.ndarray, row: int, column: int, reach: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The shortest straight line through a point that leaves the material at both ends.

    Returns both ends as (x, y) offsets from the point, or None if every direction is longer than `reach` on a side.
    """
    angles = np.arange(12) * (np.pi / 12)
    direction = np.stack([np.cos(angles), np.sin(angles)], 1)
    length = np.arange(1, reach + 1)
    exits = []
    for sign in (-1, 1):
        x = np.rint(column + sign * direction[:, :1] * length).astype(int)
        y = np.rint(row + sign * direction[:, 1:] * length).astype(int)
        inside = (x >= 0) & (x < distance.shape[1]) & (y >= 0) & (y < distance.shape[0])
        outside_material = inside & (distance[y.clip(0, distance.shape[0] - 1), x.clip(0, distance.shape[1] - 1)] == 0)
        first = np.where(outside_material.any(1), outside_material.argmax(1) + 1.0, np.inf)
        exits.append(first)
    total = exits[0] + exits[1]
    best = int(total.argmin())
    if not np.isfinite(total[best]):
        return None
    return -direction[best] * exits[0][best], direction[best] * exits[1][best]


def _field(material: np.ndarray) -> Field:
    distance = cv2.distanceTransform(material, cv2.DIST_L2, 3)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8))) & (distance > 2)
    return Field(distance, ridge)


def _pick(candidates: np.ndarray, rng) -> tuple[int, int] | None:
    """A random true cell as (row, column)."""
    flat = np.flatnonzero(candidates)
    if len(flat) == 0:
        return None
    return divmod(int(flat[rng.integers(len(flat))]), candidates.shape[1])


def _components(mask: np.ndarray) -> int:
    """Connected areas (8-neighbourhood) of the true cells."""
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


def _mark(occupied: np.ndarray, box: np.ndarray) -> None:
    x1, y1, x2, y2 = (int(value) for value in box)
    occupied[y1:y2, x1:x2] = True
