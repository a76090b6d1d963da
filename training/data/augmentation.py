"""Random views of a board: a part of it, some real defects repaired, new ones added, turned, photographed."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from training.data.deeppcb import Board
from training.data.warp import draw_warp, warp
from training.generator.camera import photograph
from training.generator.defects import add_defects
from training.generator.margins import MIRRORED, QUARTER_TURNED, UNTURNED, then, turned_margin
from training.generator.stamps import StampLibrary

REPAIR_MARGIN = 2
"""Pixels around a box that are repaired with it."""


@dataclass(frozen=True)
class Augmentation:
    """How views are drawn; the `augmentation` section of a training configuration."""

    repair_probability: float
    """Chance of a real defect to be painted over with the template."""
    most_added: int
    """Up to this many defects are drawn per 640 x 640 pixels of view."""
    camera_probability: float
    """Chance of a view to be photographed in grey instead of staying binary."""
    layout_probability: float = 0.0
    """Chance of a view to show the defect-free layout, with drawn defects alone."""
    most_edge_shift: int = 0
    """Pixels by which the copper of such a layout grows or shrinks at most."""
    warp_probability: float = 0.0
    """Chance of a cropped view to be scaled, stretched or turned."""
    log_scale: float = 0.25
    """Largest logarithm of the enlargement, either way."""
    log_stretch: float = 0.1
    """Largest logarithm of the ratio of the enlargements along both axes, either way."""
    turn_probability: float = 0.25
    """Chance of a warped view to be turned by an angle of its own."""
    most_turned: float = 0.3
    """Radians."""


def random_view(
    board: Board, size: int, settings: Augmentation, rng: np.random.Generator, library: StampLibrary | None = None
) -> Board:
    """A training view of `size` x `size` pixels. Defects that the view would cut are repaired, never half shown.

    Drawn defects take most of their shapes from the `library`, where there is one.
    """
    if rng.random() < settings.layout_probability:
        board = move_edges(layout_of(board), int(rng.integers(-settings.most_edge_shift, settings.most_edge_shift + 1)))
    view = look(board, size, settings, rng)
    view = repair(view, rng.random(len(view.boxes)) < settings.repair_probability)
    most = round(settings.most_added * size * size / 640**2)
    image, label_map, boxes, classes = add_defects(
        view.image, view.label_map, view.boxes, view.classes, rng, int(rng.integers(most // 4, most + 1)), library
    )
    view = replace(view, image=image, label_map=label_map, boxes=boxes, classes=classes)
    if size < len(board.image):
        # Whole boards stay as they are: so the server will see them, and so annotators saw them.
        view = turn(view, rng)
    if rng.random() < settings.camera_probability:
        view = replace(view, image=photograph(view.image, rng))
    return view


def layout_of(board: Board) -> Board:
    """The board without its defects."""
    nothing = np.zeros(0, np.int64)
    blank = np.zeros_like(board.label_map)
    return replace(board, image=board.template, label_map=blank, boxes=np.zeros((0, 4), np.float32), classes=nothing)


def move_edges(layout: Board, pixels: int) -> Board:
    """A layout whose copper has grown by `pixels`, or shrunk where that is negative, as another design or etching would
    have it. Where conductors or gaps would join, part or vanish the layout stays as it is."""
    if pixels == 0:
        return layout
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(pixels) + 1,) * 2)
    moved = (cv2.erode if pixels > 0 else cv2.dilate)(layout.image, kernel)
    if _parts(moved) != _parts(layout.image):
        return layout
    return replace(layout, image=moved, template=moved)


def _parts(image: np.ndarray) -> tuple[int, int]:
    copper = (image < 128).astype(np.uint8)
    return cv2.connectedComponents(copper)[0], cv2.connectedComponents(1 - copper)[0]


def look(board: Board, size: int, settings: Augmentation, rng: np.random.Generator) -> Board:
    """A view of a part of the board, around one of its defects where it has any, for they are what is learned from.
    Views as large as the board show it as it is."""
    height, width = board.image.shape
    if size >= height and size >= width:
        return board
    if rng.random() >= settings.warp_probability:
        return crop(board, size, rng)
    view = draw_warp(
        size,
        min(height, width),
        _view_center(board, size, rng),
        settings.log_scale,
        settings.log_stretch,
        settings.turn_probability,
        settings.most_turned,
        rng,
    )
    corners = view.corners(board.boxes)
    return warp(repair(board, (corners.clip(0, size) != corners).any(1)), view)


def crop(board: Board, size: int, rng: np.random.Generator) -> Board:
    """A random square of the board, around one of its defects where it has any."""
    height, width = board.image.shape
    if size >= height and size >= width:
        return board
    center = _view_center(board, size, rng)
    left = int(np.clip(center[0] - size / 2, 0, width - size))
    top = int(np.clip(center[1] - size / 2, 0, height - size))

    boxes = board.boxes - np.array([left, top, left, top], np.float32)
    clipped = boxes.clip(0, size)
    window = (slice(top, top + size), slice(left, left + size))
    view = replace(
        board,
        image=board.image[window],
        template=board.template[window],
        label_map=board.label_map[window],
        boxes=clipped,
    )
    return repair(view, (clipped != boxes).any(1))


def _view_center(board: Board, size: int, rng: np.random.Generator) -> np.ndarray:
    height, width = board.image.shape
    if len(board.boxes) == 0:
        return np.array([width, height]) * rng.random(2)
    box = board.boxes[rng.integers(len(board.boxes))]
    return (box[:2] + box[2:]) / 2 + rng.uniform(-0.45, 0.45, 2) * size


def repair(board: Board, remove: np.ndarray) -> Board:
    """Paints the template over the defects marked in `remove` (bool [K]) and takes them off the list."""
    if not remove.any():
        return board
    image, label_map = board.image.copy(), board.label_map.copy()
    for index in np.flatnonzero(remove):
        x1, y1, x2, y2 = (int(value) for value in board.boxes[index])
        top, left = max(y1 - REPAIR_MARGIN, 0), max(x1 - REPAIR_MARGIN, 0)
        window = (slice(top, max(y2 + REPAIR_MARGIN, 0)), slice(left, max(x2 + REPAIR_MARGIN, 0)))
        own = (board.label_map[window] == index + 1).astype(np.uint8)
        if own.size == 0:
            continue
        region = np.ones(own.shape, bool)
        for other in np.flatnonzero(~remove):
            ox1, oy1, ox2, oy2 = (int(value) for value in board.boxes[other])
            region[max(oy1 - top, 0) : max(oy2 - top, 0), max(ox1 - left, 0) : max(ox2 - left, 0)] = False
        # Inside a neighbour's box only the defect's own pixels and their fringe are repaired.
        region |= cv2.dilate(own, np.ones((5, 5), np.uint8)) > 0
        region &= (board.label_map[window] == 0) | (own > 0)
        image[window][region] = board.template[window][region]
        label_map[window][own > 0] = 0

    keep = np.flatnonzero(~remove)
    renumber = np.zeros(256, np.uint8)
    renumber[keep + 1] = np.arange(1, len(keep) + 1)
    return replace(
        board, image=image, label_map=renumber[label_map], boxes=board.boxes[keep], classes=board.classes[keep]
    )


def turn(board: Board, rng: np.random.Generator) -> Board:
    """One of the eight flips and quarter turns of a square view, with the boxes that annotators would give it then."""
    image, label_map, order = board.image, board.label_map, UNTURNED
    tight = tight_boxes(board)
    margins = np.concatenate([tight[:, :2] - board.boxes[:, :2], board.boxes[:, 2:] - tight[:, 2:]], 1)
    size = image.shape[0]
    if rng.random() < 0.5:
        image, label_map, order = image[:, ::-1], label_map[:, ::-1], then(order, MIRRORED)
        tight = np.stack([size - tight[:, 2], tight[:, 1], size - tight[:, 0], tight[:, 3]], 1)
    for _ in range(rng.integers(4)):
        # Counter-clockwise: what was at (x, y) comes to (y, size - x).
        image, label_map, order = np.rot90(image), np.rot90(label_map), then(order, QUARTER_TURNED)
        tight = np.stack([tight[:, 1], size - tight[:, 2], tight[:, 3], size - tight[:, 0]], 1)
    turned = [turned_margin(kind, margin, order) for kind, margin in zip(board.classes, margins)]
    outward = np.array(turned, np.float32).reshape(-1, 4) * np.array([-1, -1, 1, 1], np.float32)
    return replace(
        board,
        image=np.ascontiguousarray(image),
        label_map=np.ascontiguousarray(label_map),
        boxes=(tight + outward).clip(0, size),
    )


def tight_boxes(board: Board) -> np.ndarray:
    """The boxes around the defects' own pixels, float32 [K, 4]; of a defect without pixels the middle of its box."""
    boxes = np.concatenate([(board.boxes[:, :2] + board.boxes[:, 2:]) / 2] * 2, 1)
    for index in range(len(boxes)):
        left, top, width, height = cv2.boundingRect((board.label_map == index + 1).view(np.uint8))
        if width > 0:
            boxes[index] = left, top, left + width, top + height
    return boxes
