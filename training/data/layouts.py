"""Boards of the project's own generator, defect-free, as further layouts to draw defects on."""

import multiprocessing
from pathlib import Path

import cv2
import numpy as np

from training.data.deeppcb import Board
from training.generator.boards import FIRST_TRAINING_SEED
from training.generator.layout import draw_layout


def generated_layouts(count: int, cache: Path, processes: int) -> list[Board]:
    """`count` layouts of the seeds from `FIRST_TRAINING_SEED` on; drawn once and kept in the file `cache`."""
    if count == 0:
        return []
    seeds = range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + count)
    if cache.exists() and len(packed := np.load(cache)) == count:
        images = np.unpackbits(packed, axis=2) * np.uint8(255)
    else:
        with multiprocessing.Pool(processes) as pool:
            images = np.stack(pool.map(_layout, seeds, chunksize=4))
        np.save(cache, np.packbits(images > 0, axis=2))
    return [_board(f"generated {seed}", image) for seed, image in zip(seeds, images)]


def _layout(seed: int) -> np.ndarray:
    cv2.setNumThreads(1)
    return draw_layout(np.random.default_rng(seed))


def _board(name: str, image: np.ndarray) -> Board:
    nothing = np.zeros(0, np.int64)
    return Board(name, image, image, np.zeros_like(image), np.zeros((0, 4), np.float32), nothing)
