"""Real defects, cut out of their tiles and set into others."""

from collections import defaultdict
from typing import NamedTuple, Sequence

import cv2
import numpy as np

from training.data.tiles import CLASSES, Tile

SURROUNDINGS = 4
"""Pixels around a defect that are cut out with it; what is nearer than that to the picture's edge stays at an edge."""
SMALLEST_AREA = 15
"""Pixels; smaller parts of a mask are slips of the annotator's pen."""
WHOLE_SURFACE = frozenset({CLASSES.index("Uneven")})
"""Kinds that are a matter of the whole surface and cannot be carried elsewhere."""


class Transplant(NamedTuple):
    """One connected part of a defect with its surroundings, [h, w]."""

    kind: int
    """Index into `CLASSES`."""
    relative: np.ndarray
    """float32 [h, w]: grey divided by the mean grey of the surroundings."""
    mask: np.ndarray
    """uint8 [h, w], 1 inside the defect."""
    edges: tuple[bool, bool, bool, bool]
    """Whether it lies at the picture's top, bottom, left and right edge."""

    def mirrored(self, upside_down: bool, sideways: bool) -> "Transplant":
        """The same defect, mirrored."""
        top, bottom, left, right = self.edges
        step = -1 if upside_down else 1, -1 if sideways else 1
        return Transplant(
            self.kind,
            self.relative[:: step[0], :: step[1]],
            np.ascontiguousarray(self.mask[:: step[0], :: step[1]]),
            (*((bottom, top) if upside_down else (top, bottom)), *((right, left) if sideways else (left, right))),
        )


class TransplantLibrary:
    """Defects to choose from, by kind and family, so that a tile that was taken six times does not count sixfold."""

    def __init__(self, tiles: Sequence[Tile]):
        by_family: dict[int, dict[str, list[Transplant]]] = defaultdict(lambda: defaultdict(list))
        for tile in tiles:
            if tile.kind not in WHOLE_SURFACE:
                for transplant in cut_out(tile):
                    by_family[tile.kind][tile.family].append(transplant)
        self._by_kind = {kind: list(families.values()) for kind, families in by_family.items()}

    def draw(self, kind: int, rng: np.random.Generator) -> Transplant | None:
        """A random defect of a kind, at random mirrored; None where there is none."""
        families = self._by_kind.get(kind)
        if not families:
            return None
        family = families[rng.integers(len(families))]
        mirrored = rng.random(2) < 0.5
        return family[rng.integers(len(family))].mirrored(bool(mirrored[0]), bool(mirrored[1]))


def cut_out(tile: Tile) -> list[Transplant]:
    """The connected parts of a tile's defects."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats((tile.label > 0).astype(np.uint8))
    height, width = tile.label.shape
    result = []
    for part in range(1, count):
        x, y, part_width, part_height, area = stats[part]
        left, top = max(x - SURROUNDINGS, 0), max(y - SURROUNDINGS, 0)
        right, bottom = min(x + part_width + SURROUNDINGS, width), min(y + part_height + SURROUNDINGS, height)
        window = (slice(top, bottom), slice(left, right))
        around = tile.label[window] == 0
        if area < SMALLEST_AREA or not around.any():
            continue
        grey = tile.image[window].astype(np.float32)
        mask = (parts[window] == part).astype(np.uint8)
        edges = (top == 0, bottom == height, left == 0, right == width)
        result.append(Transplant(tile.kind, grey / max(grey[around].mean(), 1), mask, edges))
    return result


def set_in(
    image: np.ndarray, transplant: Transplant, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | None:
    """A copy of a tile (uint8 [H, W]) with a transplant, and its mask (bool [H, W]); None where it is too large.

    The place is random, but what lay at an edge of its picture comes to the same edge. Brightness follows that of the
    place; the seam is blended.
    """
    height, width = transplant.mask.shape
    if height > image.shape[0] or width > image.shape[1]:
        return None
    top = _place(image.shape[0] - height, *transplant.edges[:2], rng)
    left = _place(image.shape[1] - width, *transplant.edges[2:], rng)
    window = (slice(top, top + height), slice(left, left + width))
    ground = image[window].astype(np.float32)
    cover = cv2.dilate(transplant.mask, np.ones((3, 3), np.uint8)).astype(np.float32)
    cover = cv2.GaussianBlur(cover, (0, 0), 1.0, borderType=cv2.BORDER_REPLICATE)
    around = transplant.mask == 0
    tone = transplant.relative * (ground[around].mean() if around.any() else ground.mean())
    result, mask = image.copy(), np.zeros(image.shape, bool)
    result[window] = np.rint(ground + cover * (tone - ground)).clip(0, 255)
    mask[window] = transplant.mask > 0
    return result, mask


def _place(room: int, at_start: bool, at_end: bool, rng: np.random.Generator) -> int:
    if at_start:
        return 0
    return room if at_end else int(rng.integers(room + 1))
