"""Writes any number of magnetic tiles with ground truth.

    python3 -m training.generator.tiles --count 60 --seed 1 --out DIR

The folder is in the form of the magnetic-tile data: images/, masks/ (255 inside a defect) and annotations.json, a list
of {image, mask, cls, width, height, mask_px, group}.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from training.generator.tile_defects import TileDefect, add_defect
from training.generator.tile_surface import draw_surface

FIRST_TRAINING_SEED = 1_000_000
"""Tiles of this seed and above may be trained on; those below are for samples and measuring alone."""
MOST_DEFECTS = {
    TileDefect.BLOWHOLE: 2,
    TileDefect.BREAK: 3,
    TileDefect.CRACK: 2,
    TileDefect.FRAY: 1,
    TileDefect.UNEVEN: 1,
}
"""Of one kind on one tile."""
FREE = "Free"


@dataclass(frozen=True)
class GeneratedTile:
    """One tile; all arrays are [H, W]."""

    seed: int
    kind: TileDefect | None
    """What its defects are; None for a tile without."""
    clean: np.ndarray
    """uint8, the tile without its defects."""
    image: np.ndarray
    """uint8, differs from `clean` inside the mask alone."""
    mask: np.ndarray
    """bool, the defects."""


def draw_tile(seed: int, kind: TileDefect | None) -> GeneratedTile:
    """The tile of a seed, with defects of a kind or without."""
    rng = np.random.default_rng(seed)
    clean = draw_surface(rng)
    image, mask = clean, np.zeros(clean.shape, bool)
    for _ in range(int(rng.integers(1, MOST_DEFECTS[kind] + 1)) if kind else 0):
        image, added = add_defect(image, kind, rng)
        mask |= added
    return GeneratedTile(seed, kind, clean, image, mask)


def kind_of_index(index: int) -> TileDefect | None:
    """Every other tile is defective, the kinds in turn."""
    return None if index % 2 else TileDefect(index // 2 % len(TileDefect) + 1)


def write_tile(folder: Path, tile: GeneratedTile) -> dict:
    """Writes a tile's image and mask below `folder` and gives its entry of the annotation file."""
    kind = tile.kind.name.capitalize() if tile.kind else FREE
    name = f"{kind}_{tile.seed:07d}.png"
    for part, pixels in (("images", tile.image), ("masks", tile.mask * np.uint8(255))):
        path = folder / part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not cv2.imwrite(str(path), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
            raise OSError(f"cannot write {path}")
    height, width = tile.image.shape
    return {
        "image": name,
        "mask": name,
        "cls": kind,
        "width": width,
        "height": height,
        "mask_px": int(tile.mask.sum()),
        "group": tile.seed,
    }


def main() -> None:
    arguments = _parse()
    tiles = (draw_tile(arguments.seed + index, kind_of_index(index)) for index in range(arguments.count))
    entries = [write_tile(arguments.out, tile) for tile in tiles]
    path = arguments.out / "annotations.json"
    path.write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{len(entries)} tiles: {path}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.generator.tiles", description="Draws magnetic tiles.")
    parser.add_argument("--count", type=int, default=60, help="tiles to draw, every other one defective (default 60)")
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        help=f"seed of the first tile, the next ones follow (default 1); {FIRST_TRAINING_SEED} and above is "
        "reserved for training",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for images/, masks/ and annotations.json")
    arguments = parser.parse_args()
    if arguments.count < 1:
        parser.error("--count must be at least 1")
    if arguments.seed < 0:
        parser.error("--seed must not be negative")
    return arguments


if __name__ == "__main__":
    main()
