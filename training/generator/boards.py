"""Whole boards with defects, as a camera or a binarising scanner shows them, with exact ground truth."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np

from training.generator.camera import photograph
from training.generator.defects import REMOVES_COPPER, add_defects, keeps_promise
from training.generator.kinds import Defect
from training.generator.margins import BOX_MARGIN
from training.generator.layout import draw_layout

FIRST_TRAINING_SEED = 1_000_000
"""Boards of this seed and above may be trained on; those below are for samples and measuring alone."""
MOST_DEFECTS = 12
ROUNDS = 8
"""Times that missing defects are drawn again in other places."""
SMALLEST_AREA = {
    Defect.OPEN: 46,
    Defect.SHORT: 51,
    Defect.MOUSEBITE: 30,
    Defect.SPUR: 37,
    Defect.COPPER: 62,
    Defect.PINHOLE: 42,
}
"""Fewest changed pixels, the 5th percentiles of DeepPCB's train masks (for mouse bites that would be 24, which
a rough edge hides)."""
SMALLEST_DEPTH = 4
"""Pixels that a mouse bite or a spur reaches into the copper or out of it at least."""
EDGE_TOLERANCE = 1
"""Pixels by which every edge may move, as blur and a threshold move it, without a defect changing its kind."""
WINDOW_MARGIN = 18
"""Pixels around a defect in which its kind is judged."""


class Look(Enum):
    """How a board is shown."""

    BINARY = "binary"
    """As DeepPCB's boards: 0 copper, 255 laminate."""
    GREY = "grey"
    """As a line-scan camera sees it."""


@dataclass(frozen=True)
class GeneratedBoard:
    """One board; all arrays are [640, 640] or have one row per defect."""

    seed: int
    look: Look
    clean: np.ndarray
    """uint8, 0 copper and 255 laminate: the layout without defects."""
    defective: np.ndarray
    """uint8, 0 copper and 255 laminate: differs from `clean` exactly where `label_map` is not 0."""
    image: np.ndarray
    """uint8: what the camera shows of `defective`."""
    label_map: np.ndarray
    """uint8: 0 background, k the defect of row k - 1."""
    boxes: np.ndarray
    """int64 [K, 4]: x1, y1, x2, y2 in pixels; the mask's tight box and DeepPCB's margin."""
    kinds: tuple[Defect, ...]


def draw_board(seed: int, look: Look | None = None) -> GeneratedBoard:
    """The board of a seed, with 1 to 12 defects; the look is drawn too where none is given, one as often as the other.

    A given look changes nothing but the image.
    """
    rng = np.random.default_rng(seed)
    drawn_look = Look.GREY if rng.random() < 0.5 else Look.BINARY
    look = look or drawn_look
    count = int(rng.integers(1, MOST_DEFECTS + 1))
    while True:
        clean = draw_layout(rng)
        label_map, kinds = draw_defects(clean, count, rng)
        if kinds:
            break
    # Every defect lies in one material, so the changed pixels are those that turn over.
    defective = np.where(label_map > 0, 255 - clean, clean)
    boxes = np.array([labelled_box(label_map == index + 1) for index in range(len(kinds))])
    image = photograph(defective, rng) if look == Look.GREY else defective
    return GeneratedBoard(seed, look, clean, defective, image, label_map, boxes, kinds)


def draw_defects(clean: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, tuple[Defect, ...]]:
    """Up to `count` unmistakable defects on a board: their label map, uint8 [H, W], and their kinds.

    Every kind is wanted as often as any other; one that finds no room is left out.
    """
    wanted = Counter(Defect(int(kind)) for kind in rng.integers(len(Defect), size=count))
    label_map = np.zeros(clean.shape, np.uint8)
    boxes, classes = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    board = clean
    for _ in range(ROUNDS):
        if len(classes) == count:
            break
        # More than are missing, for the kinds that come are not always those that are wanted.
        attempts = 2 * (count - len(classes)) + 2
        _, label_map, boxes, classes = add_defects(board, label_map, boxes, classes, rng, attempts)
        kept, missing = [], wanted.copy()
        for index, kind in enumerate(map(Defect, classes.tolist())):
            if missing[kind] > 0 and is_unmistakable(kind, clean, label_map == index + 1):
                missing[kind] -= 1
                kept.append(index)
        renumber = np.zeros(256, np.uint8)
        renumber[np.array(kept, int) + 1] = np.arange(1, len(kept) + 1)
        label_map, boxes, classes = renumber[label_map], boxes[kept], classes[kept]
        board = np.where(label_map > 0, 255 - clean, clean)
    return label_map, tuple(map(Defect, classes.tolist()))


def is_unmistakable(kind: Defect, clean: np.ndarray, changed: np.ndarray) -> bool:
    """Whether anyone would call the changed pixels (bool [H, W]) of a clean board (uint8 [H, W]) by this kind's name."""
    if changed.sum() < SMALLEST_AREA[kind]:
        return False
    window = _window(changed)
    before, changed = clean[window] < 128, changed[window]
    after = before ^ changed
    if kind in (Defect.MOUSEBITE, Defect.SPUR):
        outside = before if kind == Defect.SPUR else ~before
        depth = cv2.distanceTransform((~outside).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        if depth[changed].max() < SMALLEST_DEPTH:
            return False
    for steps in (-EDGE_TOLERANCE, 0, EDGE_TOLERANCE):
        moved_before, moved_after = _move_edges(before, steps), _move_edges(after, steps)
        if not keeps_promise(kind, moved_before, moved_before ^ moved_after):
            return False
    return True


def labelled_box(mask: np.ndarray) -> np.ndarray:
    """The tight box of a mask (bool [H, W]) with DeepPCB's margin of about 10 pixels, clipped: int64 x1, y1, x2, y2."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    left, top, right, bottom = BOX_MARGIN
    height, width = mask.shape
    return np.array(
        [
            max(columns[0] - left, 0),
            max(rows[0] - top, 0),
            min(columns[-1] + 1 + right, width),
            min(rows[-1] + 1 + bottom, height),
        ]
    )


def _window(mask: np.ndarray) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return tuple(
        slice(max(int(span[0]) - WINDOW_MARGIN, 0), int(span[-1]) + 1 + WINDOW_MARGIN) for span in (rows, columns)
    )


def _move_edges(copper: np.ndarray, steps: int) -> np.ndarray:
    """Copper (bool [h, w]) grown by `steps` pixels, or shrunk where that is negative."""
    if steps == 0:
        return copper
    # Beyond the window the board goes on as it ends, so its border does not count as an edge.
    kernel = np.ones((3, 3), np.uint8)
    change = cv2.dilate if steps > 0 else cv2.erode
    grown = change(copper.astype(np.uint8), kernel, iterations=abs(steps), borderType=cv2.BORDER_REPLICATE)
    return grown > 0
