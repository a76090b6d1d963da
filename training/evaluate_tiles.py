"""Measures a semantic model's predictions on tiles.

    python3 -m training.evaluate_tiles --predictions FILE.jsonl
        --ground-truth $YMASKNET_DATA/magnetic-tile/test_open.json [--only REGEX] [--out FILE.json]

FILE.jsonl is what `ymasknet inspect --json` or `training.reference --json` writes for a semantic model. Beside the
ground truth lie images/ and masks/. Every figure comes with its 95 % interval over resampled images.
"""

import argparse
import json
import math
import re
import sys
from pathlib import Path
from typing import Callable

import numpy as np

from training.data.tiles import CLASSES, Tile, load_tile
from training.metrics import bootstrap
from training.metrics.predictions import PredictionFileError
from training.metrics.regions import load_label_maps
from training.metrics.semantic import count_pixels, semantic_figures

KINDS = CLASSES[1:]


def load_truth(path: Path, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, Tile]:
    """Tiles by image name without its extension, from a list of entries beside images/ and masks/.

    wanted: whether to take the image of this name. Raises `ValueError` where it takes none.
    """
    entries = {Path(entry["image"]).stem: entry for entry in json.loads(path.read_text())}
    wanted_entries = {name: entry for name, entry in entries.items() if wanted(name)}
    if not wanted_entries:
        raise ValueError(f"{path}: none of its {len(entries)} images is wanted")
    return {name: load_tile(path.parent, entry) for name, entry in wanted_entries.items()}


def evaluate(
    predicted: dict[str, np.ndarray], truth: dict[str, Tile]
) -> tuple[dict[str, float | None], dict[str, tuple[float, float] | None]]:
    """All figures and their intervals by name; None where there is nothing to take a figure from.

    predicted: label maps by image name without its extension, as are the keys of `truth`.

    Raises `ValueError` where the label maps are not of exactly the annotated images.
    """
    missing, extra = truth.keys() - predicted.keys(), predicted.keys() - truth.keys()
    if missing or extra:
        raise ValueError(f"predictions lack {_some(missing)} and have {_some(extra)} that the ground truth lacks")
    tiles = list(truth.values())
    free = [tile.kind == 0 for tile in tiles]
    counts = count_pixels([predicted[name] for name in truth], [tile.label for tile in tiles], free, len(KINDS))
    values = semantic_figures(counts, KINDS, np.ones((1, len(tiles)), np.int64))
    figures = {name: None if math.isnan(value[0]) else float(value[0]) for name, value in values.items()}
    return figures, bootstrap.intervals(lambda weights: semantic_figures(counts, KINDS, weights), len(tiles))


def main() -> int:
    """Prints the figures; exit code 2 where the files do not fit together."""
    parser = argparse.ArgumentParser(prog="training.evaluate_tiles", description="Measures predictions on tiles.")
    parser.add_argument("--predictions", type=Path, required=True, help="JSON lines of `ymasknet inspect --json`")
    parser.add_argument("--ground-truth", type=Path, required=True, help="annotation file beside images/ and masks/")
    parser.add_argument("--only", metavar="REGEX", help="measure the images alone whose names start with a match")
    parser.add_argument("--out", type=Path, help="also write the figures to this JSON file")
    arguments = parser.parse_args()
    try:
        wanted = re.compile(arguments.only or "")
        truth = load_truth(arguments.ground_truth, lambda name: wanted.match(name) is not None)
        predicted = load_label_maps(arguments.predictions, CLASSES)
        if arguments.only:
            predicted = {name: found for name, found in predicted.items() if wanted.match(name)}
        figures, intervals = evaluate(predicted, truth)
    except (OSError, PredictionFileError, ValueError, re.error) as error:
        print(f"evaluate_tiles: {error}", file=sys.stderr)
        return 2
    for name, value in figures.items():
        print(f"{name:24} {'-' if value is None else format(value, '.4f')}{_format_interval(intervals[name])}")
    if arguments.out:
        arguments.out.write_text(json.dumps(figures | {"intervals": intervals}, indent=2) + "\n")
    return 0


def _format_interval(interval: tuple[float, float] | None) -> str:
    return f" [{interval[0]:.4f}, {interval[1]:.4f}]" if interval else ""


def _some(names: set[str]) -> str:
    if not names:
        return "no image"
    return f"{len(names)} image(s) ({', '.join(sorted(names)[:5])}{', …' if len(names) > 5 else ''})"


if __name__ == "__main__":
    sys.exit(main())
