"""Images to samples in 0..1."""

from pathlib import Path

import numpy as np
from PIL import Image

RED, GREEN, BLUE, HALF = 19595, 38470, 7471, 32768
"""ITU-R BT.601 weights in 1/65536."""


class UnsupportedImageError(ValueError):
    """An image whose meaning in samples is not defined here."""


def load_samples(path: Path, channels: int) -> np.ndarray:
    """Samples of an image file, float32 [channels, H, W] in 0..1. Raises `UnsupportedImageError`."""
    with Image.open(path) as image:
        pixels = _pixels(image, path)
    if pixels.dtype == np.uint16:
        samples = pixels.astype(np.float32) / np.float32(65535)
        return np.repeat(samples[None], channels, 0)
    if channels == 1:
        return (_grey(pixels).astype(np.float32) / np.float32(255))[None]
    colour = np.repeat(pixels[..., None], 3, -1) if pixels.ndim == 2 else pixels
    return np.ascontiguousarray(colour.transpose(2, 0, 1), np.float32) / np.float32(255)


def _pixels(image: Image.Image, path: Path) -> np.ndarray:
    """uint8 [H, W] or [H, W, 3], or uint16 [H, W]; alpha is dropped and a palette looked up."""
    if image.mode in ("I;16", "I;16B", "I"):
        deep = np.asarray(image)
        if deep.min() < 0 or deep.max() > 65535:
            raise UnsupportedImageError(f"{path}: samples outside 16 bits")
        return deep.astype(np.uint16)
    if image.mode in ("1", "L", "LA"):
        return np.asarray(image.convert("L"))
    if image.mode in ("P", "RGB", "RGBA"):
        return np.asarray(image.convert("RGB"))
    raise UnsupportedImageError(f"{path}: pixel mode {image.mode}")


def _grey(pixels: np.ndarray) -> np.ndarray:
    if pixels.ndim == 2:
        return pixels
    red, green, blue = (pixels[..., channel].astype(np.int32) for channel in range(3))
    return ((RED * red + GREEN * green + BLUE * blue + HALF) >> 16).astype(np.uint8)
