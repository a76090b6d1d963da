"""Views of a board through another lens: scaled, stretched and turned by any angle, still binary."""

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from training.data.deeppcb import Board


class Warp(NamedTuple):
    """How a view of `size` x `size` pixels looks at a board: `matrix` [2, 3] takes board pixels to view pixels."""

    matrix: np.ndarray
    size: int

    def corners(self, boxes: np.ndarray) -> np.ndarray:
        """The boxes [K, 4] around the warped corners of boxes [K, 4]."""
        x, y = boxes[:, [0, 2, 2, 0]], boxes[:, [1, 1, 3, 3]]
        warped_x, warped_y = (row[0] * x + row[1] * y + row[2] for row in self.matrix)
        return np.stack([warped_x.min(1), warped_y.min(1), warped_x.max(1), warped_y.max(1)], 1)


def draw_warp(
    size: int,
    board_size: int,
    center: np.ndarray,
    log_scale: float,
    log_stretch: float,
    turn_probability: float,
    most_turned: float,
    rng: np.random.Generator,
) -> Warp:
    """A random warp whose view lies within the board, as near to `center` (x, y) as that allows.

    log_scale, log_stretch: bounds of the logarithms of the enlargement and of the ratio of its axes; most_turned: radians.
    The enlargement is raised where the board would be too small for the view.
    """
    angle = rng.uniform(-most_turned, most_turned) if rng.random() < turn_probability else 0.0
    scale, stretch = np.exp(rng.uniform(-log_scale, log_scale)), np.exp(rng.uniform(-log_stretch, log_stretch) / 2)
    reach = size * (abs(np.cos(angle)) + abs(np.sin(angle)))
    smallest = reach / (board_size * min(stretch, 1 / stretch))
    scale = max(scale, smallest)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([scale * stretch, scale / stretch])
    # Half the view's extent on the board along each axis.
    half = np.abs(np.linalg.inv(linear)).sum(1) * size / 2
    center = np.clip(center, np.minimum(half, board_size / 2), np.maximum(board_size - half, board_size / 2))
    offset = size / 2 - linear @ center
    return Warp(np.concatenate([linear, offset[:, None]], 1), size)


def warp(board: Board, view: Warp) -> Board:
    """The board seen through a warp. Every defect must lie inside the view.

    The labelled margins around the defects keep their size in pixels: that is the annotators' habit and does not grow
    with the board. Defects that a reduction makes vanish are taken off the list.
    """
    image, template = (_look(pixels, view, cv2.INTER_LINEAR) for pixels in (board.image, board.template))
    label_map = _look(board.label_map, view, cv2.INTER_NEAREST)
    binary = [np.where(pixels < 128, 0, 255).astype(np.uint8) for pixels in (image, template)]
    boxes, kept = [], []
    for index, box in enumerate(board.boxes):
        before, after = _tight(board.label_map == index + 1), _tight(label_map == index + 1)
        if before is None or after is None:
            label_map[label_map == index + 1] = 0
            continue
        boxes.append(after + (box - before))
        kept.append(index)
    renumber = np.zeros(256, np.uint8)
    renumber[np.array(kept, int) + 1] = np.arange(1, len(kept) + 1)
    return replace(
        board,
        image=binary[0],
        template=binary[1],
        label_map=renumber[label_map],
        boxes=np.array(boxes, np.float32).reshape(-1, 4).clip(0, view.size),
        classes=board.classes[kept],
    )


def _look(pixels: np.ndarray, view: Warp, interpolation: int) -> np.ndarray:
    # OpenCV counts from pixel centers; the warp is of continuous coordinates, in which the first center is at 0.5.
    matrix = view.matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5]) - 0.5
    return cv2.warpAffine(pixels, matrix, (view.size, view.size), flags=interpolation, borderMode=cv2.BORDER_REPLICATE)


def _tight(mask: np.ndarray) -> np.ndarray | None:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if len(rows) == 0:
        return None
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float32)
