"""A line-scan camera's view of a binary board.

Only grey values change; nothing moves, so masks and boxes drawn on the binary board stay valid.
"""

import cv2
import numpy as np

COPPER_LEVEL = (5.0, 100.0)
LAMINATE_LEVEL = (130.0, 250.0)
SMALLEST_CONTRAST = 60.0
BLUR_SIGMA = (0.3, 1.4)
NOISE_SIGMA = (0.0, 9.0)
GRADIENT_DEPTH = 0.15
LINE_GAIN_SIGMA = 0.02


def photograph(board: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A grey picture, uint8 [H, W], of a binary board, uint8 [H, W] (0 copper, 255 laminate).

    Optics blur the edges, the light falls off across the board, each sensor column and each scanned row has its own
    gain, and every pixel has its own noise.
    """
    copper, laminate = rng.uniform(*COPPER_LEVEL), rng.uniform(*LAMINATE_LEVEL)
    laminate = max(laminate, copper + SMALLEST_CONTRAST)
    grey = board.astype(np.float32) * ((laminate - copper) / 255) + copper
    grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(*BLUR_SIGMA))
    grey *= illumination(board.shape, rng)
    grey *= line_gain(board.shape[1], rng)[None, :]
    grey *= line_gain(board.shape[0], rng)[:, None]
    grey += rng.uniform(*NOISE_SIGMA) * rng.standard_normal(board.shape, dtype=np.float32)
    return np.rint(grey).clip(0, 255).astype(np.uint8)


def illumination(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A linear fall-off in a random direction: gains float32 [H, W] within 1 +- 0.15."""
    angle = rng.uniform(0, 2 * np.pi)
    depth = rng.uniform(0, GRADIENT_DEPTH)
    y = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None] * np.float32(np.sin(angle))
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :] * np.float32(np.cos(angle))
    return 1 + np.float32(depth / np.sqrt(2)) * (x + y)


def line_gain(length: int, rng: np.random.Generator) -> np.ndarray:
    """Gains of sensor columns or scanned rows, float32 [length], around 1."""
    sigma = np.float32(rng.uniform(0, LINE_GAIN_SIGMA))
    return 1 + sigma * rng.standard_normal(length, dtype=np.float32)
