"""Draws boards without defects: planes, buses, parts, routed traces and copper pours."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from training.generator import footprints, scanner
from training.generator.artwork import Artwork, Pad, PadShape, draw_trace
from training.generator.buses import draw_bus
from training.generator.routing import GRID, find_way

BOARD_SIZE = 640
"""Pixels; at DeepPCB's 48 pixels per millimetre a view of 13 mm."""
BLEED = 64
"""Pixels of artwork beyond each side of the view, so that traces leave it instead of ending there."""
PART_ATTEMPTS = 15
LEFT_UNCONNECTED = 0.1
"""Share of the pads that stay without a trace."""
SHORTEST_CONNECTION = 90
"""Pixels between connected pads. A trace of up to 64 pixels would look like one of the shorts that are drawn."""
SMALLEST_POUR = 25000
"""Pixels; smaller pieces of a pour are left out."""


@dataclass(frozen=True)
class DesignRules:
    """What the traces of one board look like, in pixels."""

    trace_widths: tuple[int, ...]
    clearance: int
    bus_width: int
    bus_gap: int
    parts: int
    """Parts to place; fewer where the room runs out."""

    @staticmethod
    def draw(rng: np.random.Generator) -> "DesignRules":
        """Rules of a fine, a medium or a coarse board, sparse or dense."""
        style = rng.choice(3, p=[0.45, 0.35, 0.2])
        thin = int(rng.integers(*((7, 10), (10, 15), (15, 23))[style]))
        clearance = int(rng.integers(*((9, 12), (10, 14), (14, 19))[style]))
        return DesignRules(
            trace_widths=(thin, thin, thin, 2 * thin, int(rng.integers(20, 38))),
            clearance=clearance,
            bus_width=thin,
            bus_gap=clearance + int(rng.integers(0, 8)),
            parts=int(rng.integers(8, 60)),
        )


def draw_layout(rng: np.random.Generator) -> np.ndarray:
    """A board without defects: uint8 [640, 640], 0 copper and 255 laminate."""
    rules = DesignRules.draw(rng)
    artwork = Artwork(BOARD_SIZE + 2 * BLEED)
    _reserve_edge(artwork, rng)
    if rng.random() < 0.3:
        _add_plane(artwork, rules, rng)
    for _ in range(int(rng.integers(0, 3))):
        _add_bus(artwork, rules, rng)
    parts = _add_parts(artwork, rules, rng)
    _route(artwork, parts, rules, rng)
    if rng.random() < 0.4:
        _pour(artwork, rules, rng)

    copper = scanner.skew(scanner.etch(artwork.drilled()), BOARD_SIZE, rng)
    copper = scanner.without_accidents(scanner.roughen(copper, rng))
    return (1 - copper) * np.uint8(255)


def _reserve_edge(artwork: Artwork, rng: np.random.Generator) -> None:
    """Sometimes one side of the view is the board's edge, which copper keeps away from."""
    if rng.random() < 0.25:
        strip = BLEED + int(rng.integers(16, 60))
        side = int(rng.integers(4))
        np.rot90(artwork.reserved, side)[:strip] = 1


def _add_plane(artwork: Artwork, rules: DesignRules, rng: np.random.Generator) -> None:
    """A solid area with chamfered corners along one side, with a row of holes in it."""
    size = artwork.size
    depth = BLEED + int(rng.integers(80, 280))
    start, end = sorted(int(value) for value in rng.integers(-100, size + 100, 2))
    if end - start < 200:
        return
    chamfer = int(rng.integers(16, 64))
    outline = np.array(
        [(start, -9), (end, -9), (end, depth - chamfer), (end - chamfer, depth), (start + chamfer, depth), (start, depth - chamfer)]
    )
    plane = np.zeros_like(artwork.copper)
    cv2.fillPoly(plane, [outline.astype(np.int32)], 1)
    turns = int(rng.integers(4))
    if not artwork.try_add(np.ascontiguousarray(np.rot90(plane, turns)), rules.clearance):
        return
    radius, pitch = int(rng.integers(11, 18)), int(rng.integers(80, 140))
    inside = np.rot90(cv2.distanceTransform(plane, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), turns)
    for y in range(BLEED, size - BLEED, pitch):
        for x in range(BLEED, size - BLEED, pitch):
            if inside[y, x] > 2 * radius + 8 and rng.random() < 0.5:
                artwork.drill(x, y, radius)


def _add_bus(artwork: Artwork, rules: DesignRules, rng: np.random.Generator) -> None:
    bus = np.zeros_like(artwork.copper)
    draw_bus(bus, int(rng.integers(2, 9)), rules.bus_width, rules.bus_gap, rng)
    artwork.try_add(bus, rules.clearance)


def _add_parts(artwork: Artwork, rules: DesignRules, rng: np.random.Generator) -> list[list[Pad]]:
    """Places parts where there is room and returns the pads of each."""
    kinds = (
        footprints.chip,
        footprints.small_outline,
        footprints.header,
        footprints.drilled_pad,
        footprints.land,
        footprints.via,
    )
    odds = rng.dirichlet([1.5, 1.0, 1.0, 0.6, 0.6, 1.5])
    placed: list[list[Pad]] = []
    for kind in rng.choice(len(kinds), rules.parts, p=odds):
        for _ in range(PART_ATTEMPTS):
            x, y = (int(value) * GRID for value in rng.integers(2, artwork.size // GRID - 2, 2))
            pads = kinds[kind](x, y, rng)
            # One more trace fits between any two parts.
            if artwork.try_add(artwork.outline(pads), 2 * rules.clearance + rules.trace_widths[0]):
                for pad in pads:
                    if pad.drill_radius:
                        artwork.drill(pad.x, pad.y, pad.drill_radius)
                placed.append(pads)
                break
    return placed


def _route(artwork: Artwork, parts: list[list[Pad]], rules: DesignRules, rng: np.random.Generator) -> None:
    """Connects pads with those of other parts or with the world beyond the view. A pad gets one trace at most."""
    nodes = artwork.size // GRID
    border = np.zeros((nodes, nodes), bool)
    border[[0, -1]] = border[:, [0, -1]] = True
    waiting = [(pad, index) for index, part in enumerate(parts) for pad in part if _on_artwork(pad, artwork.size)]
    waiting = [waiting[index] for index in rng.permutation(len(waiting))]
    while waiting:
        start, part = waiting.pop()
        if rng.random() < LEFT_UNCONNECTED:
            continue
        end = _partner(start, part, waiting, rng) if rng.random() < 0.7 else None
        own = [start] if end is None else [start, end[0]]
        width = min(int(rng.choice(rules.trace_widths)), *(pad.slimmest for pad in own))
        goals = border
        if end is not None:
            goals = np.zeros_like(border)
            goals[end[0].y // GRID, end[0].x // GRID] = True
        free = _free_nodes(artwork, own, rules.clearance + width / 2 + 1)
        way = find_way(free, (start.x // GRID, start.y // GRID), goals)
        if way is None:
            continue
        trace = np.zeros_like(artwork.copper)
        draw_trace(trace, [(x * GRID, y * GRID) for x, y in way], width)
        artwork.add(trace)
        if end is not None:
            waiting.remove(end)


def _partner(
    start: Pad, part: int, waiting: list[tuple[Pad, int]], rng: np.random.Generator
) -> tuple[Pad, int] | None:
    """One of the nearest pads of other parts that are so far away that a trace to it cannot be taken for a short."""

    def distance(other: Pad) -> float:
        middles = math.hypot(other.x - start.x, other.y - start.y)
        return middles - sum(max(pad.half_width, pad.half_height) for pad in (start, other))

    far_enough = [one for one in waiting if one[1] != part and distance(one[0]) > SHORTEST_CONNECTION]
    nearest = sorted(far_enough, key=lambda one: distance(one[0]))[:5]
    return nearest[int(rng.integers(len(nearest)))] if nearest else None


def _free_nodes(artwork: Artwork, own: list[Pad], clearance: float) -> np.ndarray:
    """Grid nodes that a trace between its `own` pads may pass: bool [N, N].

    Near its own pads it must run straight out of the middle, or it would leave notches and slivers beside them.
    """
    clear_of_all = artwork.room()[::GRID, ::GRID] >= clearance
    clear_of_others = artwork.room_without(artwork.outline(own))[::GRID, ::GRID] >= clearance
    y, x = np.mgrid[: clear_of_all.shape[0], : clear_of_all.shape[1]] * GRID
    straight_out = np.zeros_like(clear_of_all)
    for pad in own:
        across, down = np.abs(x - pad.x), np.abs(y - pad.y)
        wide, tall = pad.half_width > pad.half_height, pad.half_height > pad.half_width
        straight_out |= (down == 0) & (not (pad.elongated and tall))
        straight_out |= (across == 0) & (not (pad.elongated and wide))
        # Over the corner of a rectangle a trace would leave acute notches that look like mouse bites.
        straight_out |= (across == down) & (not pad.elongated and pad.shape != PadShape.RECTANGLE)
    return clear_of_all | (clear_of_others & straight_out)


def _on_artwork(pad: Pad, size: int) -> bool:
    return 0 <= pad.x < size and 0 <= pad.y < size


def _pour(artwork: Artwork, rules: DesignRules, rng: np.random.Generator) -> None:
    """Fills the free room of a rectangle with copper that keeps a wide clearance; slim necks are left out."""
    clearance = rules.clearance + int(rng.integers(4, 14))
    fits = (artwork.room() > clearance).astype(np.uint8)
    left, right = sorted(int(value) for value in rng.integers(0, artwork.size, 2))
    top, bottom = sorted(int(value) for value in rng.integers(0, artwork.size, 2))
    window = np.zeros_like(fits)
    window[top:bottom, left:right] = 1
    neck = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    pour = cv2.morphologyEx(fits & window, cv2.MORPH_OPEN, neck)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(pour, connectivity=4)
    keep = stats[:, cv2.CC_STAT_AREA] >= SMALLEST_POUR
    keep[0] = False
    artwork.add(keep[labels].astype(np.uint8))
