"""Whether two runs of the same model say the same: what the server is held to against the PyTorch reference."""

from dataclasses import dataclass, field

import numpy as np

from .instances import Instances
from .masks import difference

MASK_PIXELS = 2
"""Masks that differ by at most so many pixels agree,"""
MASK_PART = 0.01
"""and those that differ by at most this part of the expected area."""


@dataclass(frozen=True)
class Tolerance:
    """Largest differences between two runs that agree."""

    box_pixels: float = 0.5
    score: float = 1e-3
    mask_part: float = 0.99
    """Part of the matched masks that must agree."""


@dataclass
class Agreement:
    """What a comparison found."""

    tolerance: Tolerance
    matched: int = 0
    excused: int = 0
    """Defects that only one run has, at the edge of the threshold or of the list's length."""
    largest_box_difference: float = 0.0
    """Pixels, over the corners of matched boxes."""
    largest_score_difference: float = 0.0
    masks: int = 0
    masks_agreeing: int = 0
    largest_mask_difference: int = 0
    """Pixels."""
    failures: list[str] = field(default_factory=list)
    """Each names the image, the defect and the values."""

    @property
    def holds(self) -> bool:
        """Whether the runs agree."""
        return not self.failures and self.masks_agreeing >= self.tolerance.mask_part * self.masks


def compare_image(
    name: str, expected: Instances, actual: Instances, result: Agreement, min_score: float, max_defects: int
) -> None:
    """Adds one image to `result`.

    A defect that only one run has is excused where its score lies within the tolerance of the cut: `min_score`, or the
    lowest score of a list that is full with `max_defects`.
    """
    pairs, lone_expected, lone_actual = _pair(expected, actual, result.tolerance)
    for kind, instances, rows in (("lacks", expected, lone_expected), ("adds", actual, lone_actual)):
        cut = _cut(expected, actual, min_score, max_defects) + result.tolerance.score
        for row in rows:
            if instances.scores[row] <= cut:
                result.excused += 1
            else:
                result.failures.append(f"{name}: the second run {kind} {_describe(instances, row)}")
    for row, other in pairs:
        _compare_pair(name, expected, row, actual, other, result)


def _pair(expected: Instances, actual: Instances, tolerance: Tolerance):
    """Matches each expected defect with the nearest free actual one of its class, best pairs first."""
    distance = np.abs(expected.boxes[:, None] - actual.boxes[None]).max(-1, initial=0.0)
    distance += np.abs(expected.scores[:, None] - actual.scores[None])
    distance[expected.classes[:, None] != actual.classes[None]] = np.inf
    # Pairs further apart than this are other defects, not the same with an error.
    reach = 8 * tolerance.box_pixels
    pairs, used_rows, used_columns = [], set(), set()
    for flat in np.argsort(distance, axis=None, kind="stable"):
        row, column = divmod(int(flat), distance.shape[1])
        if distance[row, column] > reach:
            break
        if row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
            pairs.append((row, column))
    lone_expected = [row for row in range(len(expected)) if row not in used_rows]
    lone_actual = [column for column in range(len(actual)) if column not in used_columns]
    return sorted(pairs), lone_expected, lone_actual


def _cut(expected: Instances, actual: Instances, min_score: float, max_defects: int) -> float:
    full = [instances.scores.min() for instances in (expected, actual) if len(instances) >= max_defects]
    return max([min_score, *full])


def _compare_pair(name: str, expected: Instances, row: int, actual: Instances, other: int, result: Agreement) -> None:
    tolerance = result.tolerance
    box = float(np.abs(expected.boxes[row] - actual.boxes[other]).max())
    score = float(abs(expected.scores[row] - actual.scores[other]))
    result.matched += 1
    result.largest_box_difference = max(result.largest_box_difference, box)
    result.largest_score_difference = max(result.largest_score_difference, score)
    if box > tolerance.box_pixels:
        result.failures.append(f"{name}: the box of {_describe(expected, row)} is {box:.3f} px off")
    if score > tolerance.score:
        result.failures.append(f"{name}: the score of {_describe(expected, row)} is {score:.5f} off")
    if expected.masks is None or actual.masks is None:
        return
    mask = expected.masks[row]
    pixels = difference(mask, actual.masks[other])
    result.masks += 1
    result.masks_agreeing += pixels <= max(MASK_PIXELS, MASK_PART * mask.area)
    result.largest_mask_difference = max(result.largest_mask_difference, pixels)


def _describe(instances: Instances, row: int) -> str:
    x1, y1, x2, y2 = instances.boxes[row]
    corners = f"({x1:.2f}, {y1:.2f})-({x2:.2f}, {y2:.2f})"
    return f"class {instances.classes[row]} of score {instances.scores[row]:.5f} at {corners}"
