"""Four panels of one picture: itself, its boxes, its masks, and both (the paper's Figs. 3 and 4)."""

from pathlib import Path

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from training.metrics import masks
from training.metrics.predictions import read_records

from .canvas import COLOURS, figure

TITLES = ("image", "boxes", "masks", "both")
MASK_OPACITY = 0.75
PANEL_INCHES = 3.6


def draw_panels(images: list[Path], predictions: Path, min_score: float, out: Path) -> None:
    """One row per image. Raises `ValueError` for an image that the predictions lack."""
    records = {record["image"]: record for _, record in read_records(predictions)}
    missing = [image.name for image in images if image.name not in records]
    if missing:
        raise ValueError(f"{predictions} lacks {', '.join(missing)}")
    shown = [defect for image in images for defect in records[image.name]["defects"] if defect["score"] >= min_score]
    colours = dict(zip(sorted({defect["class"] for defect in shown}), COLOURS))
    with figure(out, len(images), len(TITLES), PANEL_INCHES * len(TITLES), PANEL_INCHES * len(images)) as axes:
        for row, image in zip(axes, images):
            grey = _read(image)
            defects = [defect for defect in records[image.name]["defects"] if defect["score"] >= min_score]
            for axis, title in zip(row, TITLES):
                _show(axis, grey)
                if title in ("masks", "both"):
                    axis.imshow(_tinted(grey.shape, defects, colours))
                if title in ("boxes", "both"):
                    _boxes(axis, defects, colours)
                axis.set_title(f"{image.name}: {title}", fontsize=8)


def _read(path: Path) -> np.ndarray:
    pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
    if pixels is None:
        raise ValueError(f"{path}: not a readable image")
    return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels


def _show(axis: Axes, grey: np.ndarray) -> None:
    # Between full black and white, so that colours stand out on both.
    axis.imshow(grey, cmap="gray", vmin=-60, vmax=290, interpolation="nearest")
    axis.set_axis_off()


def _tinted(shape: tuple[int, int], defects: list[dict], colours: dict[str, str]) -> np.ndarray:
    layer = np.zeros((*shape, 4), np.float32)
    for defect in defects:
        mask = masks.from_rle(defect["mask"]["counts"], *shape)
        height, width = mask.pixels.shape
        window = layer[mask.y : mask.y + height, mask.x : mask.x + width]
        window[mask.pixels] = [*_rgb(colours[defect["class"]]), MASK_OPACITY]
    return layer


def _boxes(axis: Axes, defects: list[dict], colours: dict[str, str]) -> None:
    for defect in defects:
        box, colour = defect["box"], colours[defect["class"]]
        axis.add_patch(Rectangle((box["x"], box["y"]), box["width"], box["height"], fill=False, color=colour))
        label = f"{defect['class']} {defect['score']:.2f}"
        place = (box["x"], box["y"] - 3)
        axis.annotate(label, place, fontsize=5.5, color="white", backgroundcolor=colour, bbox={"pad": 1, "color": colour})


def _rgb(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
