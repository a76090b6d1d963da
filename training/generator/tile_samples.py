"""Writes the tiles of samples/tiles: python3 -m training.generator.tile_samples --out samples/tiles"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from training.generator.tile_defects import TileDefect
from training.generator.tiles import FREE, GeneratedTile, draw_tile

SAMPLES = {
    "blowhole": (8001, TileDefect.BLOWHOLE),
    "break": (8002, TileDefect.BREAK),
    "crack": (8003, TileDefect.CRACK),
    "fray": (8004, TileDefect.FRAY),
    "uneven": (8005, TileDefect.UNEVEN),
    "sound": (8006, None),
}
"""Seed and defect of each tile by its name."""


def entry(name: str, tile: GeneratedTile) -> dict:
    """What annotations.json says of a tile; the box is x, y, width, height in pixels."""
    rows, columns = np.flatnonzero(tile.mask.any(1)), np.flatnonzero(tile.mask.any(0))
    box = [int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1] if len(rows) else None
    kind = tile.kind.name.capitalize() if tile.kind else FREE
    return {"image": f"{name}.png", "cls": kind, "seed": tile.seed, "mask_px": int(tile.mask.sum()), "box": box}


def main() -> None:
    """Writes the images and annotations.json."""
    parser = argparse.ArgumentParser(prog="training.generator.tile_samples", description="Draws the sample tiles.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the images and annotations.json")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    tiles = {name: draw_tile(*settings) for name, settings in SAMPLES.items()}
    for name, tile in tiles.items():
        cv2.imwrite(str(out / f"{name}.png"), tile.image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    entries = [entry(name, tile) for name, tile in tiles.items()]
    (out / "annotations.json").write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{len(tiles)} tiles: {out}")


if __name__ == "__main__":
    main()
