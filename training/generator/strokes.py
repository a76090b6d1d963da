"""Shapes that defects are made of: small binary stamps, uint8 [2S + 1, 2S + 1] around their center, 1 inside."""

import cv2
import numpy as np


def blob(radius: float, elongation: float, rng: np.random.Generator) -> np.ndarray:
    """An irregular polygon of about the given radius, stretched along a random direction."""
    corners = rng.integers(7, 12)
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radii = radius * rng.uniform(0.6, 1.2, corners)
    x, y = radii * np.cos(angles) * elongation, radii * np.sin(angles)
    turn = rng.uniform(0, np.pi)
    points = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1)
    half = int(np.abs(points).max()) + 2
    stamp = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    cv2.fillPoly(stamp, [np.rint(points + half).astype(np.int32)], 1)
    return stamp


def bent_line(start: np.ndarray, end: np.ndarray, thickness: int, rng: np.random.Generator) -> np.ndarray:
    """A line from `start` to `end` (x, y offsets from the center) with a slight bend in the middle."""
    middle = (start + end) / 2 + rng.normal(0, 1.5, 2)
    points = np.stack([start, middle, end])
    half = int(np.abs(points).max()) + thickness // 2 + 2
    stamp = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    cv2.polylines(stamp, [np.rint(points + half).astype(np.int32)], False, 1, thickness)
    return stamp
