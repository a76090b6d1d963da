"""The pads that parts stand on, as lists of `Pad`. All centers lie on the routing grid."""

import numpy as np

from training.generator.artwork import Pad, PadShape
from training.generator.routing import GRID


def chip(x: int, y: int, rng: np.random.Generator) -> list[Pad]:
    """Two rectangular pads of a resistor or capacitor."""
    along, across = _even(rng, 14, 24), _even(rng, 14, 26)
    apart = _on_grid(2 * along + rng.integers(20, 44))
    if rng.random() < 0.5:
        return [Pad(x + step, y, along, across, PadShape.RECTANGLE) for step in (0, apart)]
    return [Pad(x, y + step, across, along, PadShape.RECTANGLE) for step in (0, apart)]


def small_outline(x: int, y: int, rng: np.random.Generator) -> list[Pad]:
    """One or two rows of slim pads, as under an integrated circuit."""
    half_width, half_length = int(rng.integers(7, 11)), int(rng.integers(24, 38))
    pitch = _on_grid(2 * half_width + rng.integers(16, 27))
    apart = _on_grid(2 * half_length + rng.integers(50, 120))
    shape = PadShape.OVAL if rng.random() < 0.6 else PadShape.RECTANGLE
    rows, columns = int(rng.integers(1, 3)), int(rng.integers(4, 10))
    spots = [(column * pitch, row * apart) for row in range(rows) for column in range(columns)]
    if rng.random() < 0.5:
        return [Pad(x + along, y + across, half_width, half_length, shape) for along, across in spots]
    return [Pad(x + across, y + along, half_length, half_width, shape) for along, across in spots]


def header(x: int, y: int, rng: np.random.Generator) -> list[Pad]:
    """Rows of drilled pads with annular rings, the first one sometimes square."""
    radius = int(rng.integers(22, 36))
    drill = int(radius * rng.uniform(0.42, 0.62))
    longer = radius + int(rng.integers(6, 14)) if rng.random() < 0.25 else radius
    pitch = _on_grid(2 * longer + rng.integers(24, 50))
    rows, columns = int(rng.integers(1, 3)), int(rng.integers(2, 6))
    if rng.random() < 0.5:
        rows, columns = columns, rows
    square_first = rng.random() < 0.3
    pads = []
    for row in range(rows):
        for column in range(columns):
            shape = PadShape.RECTANGLE if square_first and not pads else PadShape.OVAL
            pads.append(Pad(x + column * pitch, y + row * pitch, longer, radius, shape, drill))
    return pads


def drilled_pad(x: int, y: int, rng: np.random.Generator) -> list[Pad]:
    """One large drilled pad, as for a mounting pin."""
    radius = int(rng.integers(30, 64))
    longer = radius + int(rng.integers(8, 30)) if rng.random() < 0.4 else radius
    return [Pad(x, y, longer, radius, PadShape.OVAL, int(radius * rng.uniform(0.4, 0.6)))]


def land(x: int, y: int, rng: np.random.Generator) -> list[Pad]:
    """One large pad without a hole."""
    shape = PadShape.RECTANGLE if rng.random() < 0.7 else PadShape.OVAL
    return [Pad(x, y, _even(rng, 30, 70), _even(rng, 30, 70), shape)]


def via(x: int, y: int, rng: np.random.Generator) -> list[Pad]:
    """A via, filled or with an annular ring."""
    if rng.random() < 0.6:
        radius = int(rng.integers(14, 22))
        return [Pad(x, y, radius, radius, PadShape.ROUND)]
    radius = int(rng.integers(22, 30))
    return [Pad(x, y, radius, radius, PadShape.ROUND, int(radius * rng.uniform(0.45, 0.58)))]


def _even(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low // 2, high // 2 + 1)) * 2


def _on_grid(length) -> int:
    """The length rounded up to whole grid steps."""
    return -(-int(length) // GRID) * GRID
