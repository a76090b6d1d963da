"""Scales and zero points: value = (step - zero) * scale."""

from dataclasses import dataclass

import numpy as np

from .observations import Observation

STEPS = 255
"""Distance between the lowest and the highest step of 8 bits."""
WEIGHT_LIMIT = 127
"""Steps of a weight: -127 to 127, so that zero lies in the middle."""
SMALLEST = 1e-12
"""Of a scale: what is zero throughout can have any."""
CUTS = np.linspace(0.3, 1.0, 141)
"""Parts of the seen range that are tried as the range of the 8 bits."""


@dataclass(frozen=True)
class Scale:
    """Of an activation, in unsigned 8 bits."""

    scale: float
    zero: int

    @property
    def low(self) -> float:
        """The smallest value that has a step."""
        return -self.zero * self.scale

    @property
    def high(self) -> float:
        """The largest value that has a step."""
        return (STEPS - self.zero) * self.scale

    def rounded(self, values: np.ndarray) -> np.ndarray:
        """The values that the steps stand for."""
        steps = np.clip(np.rint(values / self.scale) + self.zero, 0, STEPS)
        return (steps - self.zero) * self.scale


def scale_of(low: float, high: float) -> Scale:
    """The scale that reaches from low to high, widened to hold zero, which has a step of its own."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = float(np.float32(max((high - low) / STEPS, SMALLEST)))
    return Scale(scale, int(np.clip(np.rint(-low / scale), 0, STEPS)))


def best_scale(seen: list[Observation]) -> Scale:
    """One scale for tensors that share it: of the ranges tried, the one that leaves the least mean square error."""
    low, high = min(entry.low for entry in seen), max(entry.high for entry in seen)
    scales = [scale_of(low * cut, high * cut) for cut in CUTS]
    errors = [sum(_mean_square_error(entry, scale) for entry in seen) for scale in scales]
    return scales[int(np.argmin(errors))]


def _mean_square_error(seen: Observation, scale: Scale) -> float:
    """As a part of the tensor's own mean square, so that tensors that share a scale count alike."""
    weights = seen.counts / max(seen.counts.sum(), 1)
    centres = np.clip(seen.centres, seen.low, seen.high)
    inside = (centres >= scale.low) & (centres <= scale.high)
    clipped = np.clip(centres, scale.low, scale.high) - centres
    # Exact zeros, which a ReLU leaves many of, have a step of their own; elsewhere the error is uniform within a step.
    moved = np.where(inside, np.where(np.abs(centres) < 1.5 * seen.limit / len(seen.counts), 0.0, scale.scale**2 / 12), clipped**2)
    power = float((weights * centres**2).sum())
    return float((weights * moved).sum()) / max(power, SMALLEST)


def weight_scales(weights: np.ndarray) -> np.ndarray:
    """float32 [O]: one scale for each output channel (the first axis)."""
    largest = np.abs(weights.reshape(len(weights), -1)).max(1)
    return np.maximum(largest / WEIGHT_LIMIT, SMALLEST).astype(np.float32)


def quantise_weights(weights: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """int8, each within half a step of the weight."""
    steps = np.rint(weights / scales.reshape(-1, *[1] * (weights.ndim - 1)))
    return np.clip(steps, -WEIGHT_LIMIT, WEIGHT_LIMIT).astype(np.int8)


def quantise_bias(bias: np.ndarray, input_scale: float, scales: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int32 steps and their float32 scales, those of the products that the bias is added to."""
    product = (np.float32(input_scale) * scales).astype(np.float32)
    limits = np.iinfo(np.int32)
    return np.clip(np.rint(bias / product), limits.min, limits.max).astype(np.int32), product
