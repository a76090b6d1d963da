"""Parallel traces that cross the board together."""

import numpy as np

from training.generator.artwork import draw_trace

EIGHTH_TURN_MITER = np.tan(np.pi / 8)
"""How far a line at distance 1 from the middle line overruns a 45-degree corner of it."""


def draw_bus(mask: np.ndarray, traces: int, width: int, gap: int, rng: np.random.Generator) -> None:
    """Sets the pixels of a bus to 1: `traces` lines of `width` pixels, `gap` apart, from one side to the other."""
    size = mask.shape[0]
    middle = _middle_line(size, (traces * (width + gap)) // 2, rng)
    upright = rng.random() < 0.5
    for index in range(traces):
        offset = (index - (traces - 1) / 2) * (width + gap)
        points = _beside(middle, offset)
        if upright:
            points = points[:, ::-1]
        draw_trace(mask, [tuple(point) for point in np.rint(points).astype(int).tolist()], width)


def _middle_line(size: int, half_breadth: int, rng: np.random.Generator) -> np.ndarray:
    """Corners of a line that runs left to right with some 45-degree jogs: float64 [P, 2] as (x, y)."""
    x, y = -2 * half_breadth - 8, float(rng.uniform(0.15, 0.85) * size)
    points = [(x, y)]
    for _ in range(int(rng.integers(0, 4))):
        run, rise = rng.uniform(60, 260), rng.uniform(40, 200)
        direction = 1 if rng.random() < 0.5 else -1
        points.append((points[-1][0] + run + half_breadth, points[-1][1]))
        points.append((points[-1][0] + rise, points[-1][1] + direction * rise))
    points.append((max(size, points[-1][0]) + 2 * half_breadth + 8, points[-1][1]))
    return np.array(points)


def _beside(line: np.ndarray, offset: float) -> np.ndarray:
    """The line moved sideways by `offset`; corners are mitered so that the distance stays the same all along."""
    direction = np.diff(line, axis=0)
    direction /= np.hypot(direction[:, 0], direction[:, 1])[:, None]
    normal = np.stack([-direction[:, 1], direction[:, 0]], 1)
    moved = line.copy()
    moved[0] += normal[0] * offset
    moved[-1] += normal[-1] * offset
    for corner in range(1, len(line) - 1):
        before, after = direction[corner - 1], direction[corner]
        turn = np.sign(before[0] * after[1] - before[1] * after[0])
        moved[corner] += normal[corner - 1] * offset - before * (turn * offset * EIGHTH_TURN_MITER)
    return moved
