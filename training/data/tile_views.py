"""Random views of a tile: defects added to sound ones, a part or the whole of it, turned and exposed otherwise, and
then fitted into the network's input as the server fits an image."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np

from training.data.tile_exposure import expose
from training.data.tile_transplants import WHOLE_SURFACE, TransplantLibrary, set_in
from training.data.tiles import IGNORED, Tile
from training.generator.tile_defects import TileDefect, add_defect
from training.generator.tiles import MOST_DEFECTS
from training.reference.letterbox import Letterbox
from training.reference.manifest import Input

LETTERBOX_VALUE = 114
"""Grey around the fitted image, as in the model package."""


@dataclass(frozen=True)
class TileAugmentation:
    """How views are drawn; the `augmentation` section of a training configuration."""

    added_probability: float
    """Chance of a sound tile to get defects of one kind."""
    transplant_share: float
    """Part of the added defects that come from real tiles; the others are drawn."""
    crop_probability: float
    """Chance of a view to show a part of the tile."""
    smallest_crop: float
    """Smallest side of such a part, as a part of the tile's."""
    log_stretch: float
    """Largest logarithm of the ratio of the enlargements along both axes, either way."""
    turn_probability: float
    """Chance of a tile to be turned by an angle of its own."""
    most_turned: float
    """Radians; the grinding marks stay nearly upright, as the camera always sees them."""
    exposure_probability: float
    """Chance of another exposure."""


class View(NamedTuple):
    """What the network sees and what it is to say, both [height, width] of its input."""

    image: np.ndarray
    """float32, 0..255."""
    label: np.ndarray
    """uint8, index into the classes; `IGNORED` around the fitted image, which the server does not look at."""


class Frame(NamedTuple):
    """The part of a tile that a view shows: a rectangle in pixels, turned around its center by an angle."""

    left: float
    top: float
    width: float
    height: float
    angle: float = 0.0
    stretch: float = 1.0
    """Ratio of the enlargement across to that along."""


def random_view(
    tile: Tile,
    size: tuple[int, int],
    settings: TileAugmentation,
    rng: np.random.Generator,
    library: TransplantLibrary,
    whole: bool = False,
) -> View:
    """A view for training, `size` being the width and height of the network's input.

    whole: the whole tile, neither stretched nor turned, as the server will see it.
    """
    if tile.kind == 0 and rng.random() < settings.added_probability:
        tile = with_defects(tile, settings.transplant_share, rng, library)
    content, content_label, letterbox = fit(tile, whole_frame(tile) if whole else draw_frame(tile, settings, rng), size)
    upside_down, sideways = rng.random(2) < 0.5
    if upside_down:
        content, content_label = content[::-1], content_label[::-1]
    if sideways:
        content, content_label = content[:, ::-1], content_label[:, ::-1]
    if rng.random() < settings.exposure_probability:
        content = expose(content, rng)
    width, height = size
    image, label = np.full((height, width), LETTERBOX_VALUE, np.float32), np.full((height, width), IGNORED, np.uint8)
    rows = slice(letterbox.top, letterbox.top + letterbox.height)
    columns = slice(letterbox.left, letterbox.left + letterbox.width)
    image[rows, columns], label[rows, columns] = content, content_label
    return View(image, label)


def with_defects(
    tile: Tile, transplant_share: float, rng: np.random.Generator, library: TransplantLibrary
) -> Tile:
    """A sound tile with one or more defects of a random kind."""
    kind = TileDefect(rng.integers(len(TileDefect)) + 1)
    image, label = tile.image, tile.label.copy()
    for _ in range(rng.integers(1, MOST_DEFECTS[kind] + 1)):
        transplant = library.draw(int(kind), rng) if rng.random() < transplant_share else None
        added = set_in(image, transplant, rng) if transplant else None
        image, mask = added or add_defect(image, kind, rng)
        label[mask] = kind
    return replace(tile, image=image, label=label, kind=int(kind))


def whole_frame(tile: Tile) -> Frame:
    """The whole tile."""
    height, width = tile.image.shape
    return Frame(0, 0, width, height)


def draw_frame(tile: Tile, settings: TileAugmentation, rng: np.random.Generator) -> Frame:
    """A random frame; a smaller one shows some of the tile's defects."""
    height, width = tile.image.shape
    frame = whole_frame(tile)
    # An uneven part shows by what it differs from, so all of its tile is kept.
    if tile.kind not in WHOLE_SURFACE and rng.random() < settings.crop_probability:
        part_width, part_height = np.array([width, height]) * rng.uniform(settings.smallest_crop, 1, 2)
        x, y = _point_of_interest(tile, rng)
        left = np.clip(x - rng.uniform(0.1, 0.9) * part_width, 0, width - part_width)
        top = np.clip(y - rng.uniform(0.1, 0.9) * part_height, 0, height - part_height)
        frame = Frame(float(left), float(top), float(part_width), float(part_height))
    angle = rng.uniform(-settings.most_turned, settings.most_turned) if rng.random() < settings.turn_probability else 0
    stretch = np.exp(rng.uniform(-settings.log_stretch, settings.log_stretch))
    return frame._replace(angle=float(angle), stretch=float(stretch))


def fit(tile: Tile, frame: Frame, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, Letterbox]:
    """What a frame shows, at the size that the letterbox gives it: image float32 [h, w], label uint8 [h, w]."""
    seen_width, seen_height = round(frame.width * frame.stretch**0.5), round(frame.height / frame.stretch**0.5)
    letterbox = Letterbox.fit(max(1, seen_width), max(1, seen_height), network_input(*size))
    fitted = (letterbox.width, letterbox.height)
    image = tile.image.astype(np.float32)
    if frame == whole_frame(tile):
        # The server's own bilinear resize; each label is that of the tile's pixel below the centre.
        rows, columns = (
            ((np.arange(new) + 0.5) * old / new).astype(int) for old, new in zip(tile.label.shape, fitted[::-1])
        )
        return cv2.resize(image, fitted, interpolation=cv2.INTER_LINEAR), tile.label[np.ix_(rows, columns)], letterbox
    matrix = _matrix(frame, *fitted)
    # Where a turned frame leaves the picture, the tile goes on mirrored.
    border = cv2.BORDER_REFLECT_101
    return (
        cv2.warpAffine(image, matrix, fitted, flags=cv2.INTER_LINEAR, borderMode=border),
        cv2.warpAffine(tile.label, matrix, fitted, flags=cv2.INTER_NEAREST, borderMode=border),
        letterbox,
    )


def network_input(width: int, height: int) -> Input:
    """The network's input as a model package describes it."""
    return Input(width, height, 1, (0.0,), (1.0,), LETTERBOX_VALUE)


def _point_of_interest(tile: Tile, rng: np.random.Generator) -> tuple[float, float]:
    """Some pixel (x, y) of the defects; of a sound tile any pixel."""
    height, width = tile.label.shape
    inside = np.flatnonzero(tile.label) if tile.kind else np.zeros(0, int)
    pixel = int(inside[rng.integers(len(inside))]) if len(inside) else int(rng.integers(height * width))
    return pixel % width + 0.5, pixel // width + 0.5


def _matrix(frame: Frame, width: int, height: int) -> np.ndarray:
    """From tile pixels to `width` x `height` pixels of the frame, [2, 3], as OpenCV wants it."""
    turn = np.array([[np.cos(frame.angle), -np.sin(frame.angle)], [np.sin(frame.angle), np.cos(frame.angle)]])
    linear = np.diag([width / frame.width, height / frame.height]) @ turn
    center = np.array([frame.left + frame.width / 2, frame.top + frame.height / 2])
    offset = np.array([width, height]) / 2 - linear @ center
    # OpenCV counts from pixel centers; the frame is in continuous coordinates, in which the first center is at 0.5.
    offset += linear @ np.array([0.5, 0.5]) - 0.5
    return np.concatenate([linear, offset[:, None]], 1)
