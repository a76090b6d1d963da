"""Bars that set small objects against all (the paper's Fig. 5)."""

import json
from pathlib import Path

import numpy as np

from .canvas import COLOURS, figure

PAIRS = (
    ("mAP@.5", "box_map50", "small_box_map50"),
    ("mAP@[.5:.95]", "box_map50_95", "small_box_map50_95"),
    ("recall", "recall", "small_recall"),
    ("mask IoU", "mask_iou", "small_mask_iou"),
)
"""Title, figure of all objects, figure of small ones."""


def draw_small_objects(models: dict[str, Path], out: Path) -> None:
    """Per figure a bar of all objects (pale) and one of those of at most 32 x 32 pixels for each model."""
    figures = {label: json.loads(path.read_text(encoding="utf-8")) for label, path in models.items()}
    with figure(out, 1, len(PAIRS), 3 * len(PAIRS), 3.2) as axes:
        for axis, (title, every, small) in zip(axes.flat, PAIRS):
            for place, (colour, values) in enumerate(zip(COLOURS, figures.values())):
                for offset, name, opacity in ((-0.2, every, 0.4), (0.2, small, 1.0)):
                    value = values[name]
                    if value is None:
                        continue
                    axis.bar(place + offset, value, 0.38, color=colour, alpha=opacity)
                    axis.text(place + offset, value, f"{value:.3f}".lstrip("0"), ha="center", va="bottom", fontsize=7)
            axis.set_title(title, fontsize=10)
            # Slanted, and ending at its bars: names of models are longer than three of them have room for.
            axis.set_xticks(np.arange(len(figures)), list(figures), fontsize=8, rotation=20, ha="right")
            axis.set_ylim(0, 1.08)
            axis.grid(axis="y", alpha=0.3)
        axes.flat[0].set_ylabel("pale: all objects; full: up to 32² pixels", fontsize=8)
