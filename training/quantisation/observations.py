"""What the pipeline saw in a network's tensors: the file that `src/Calibration` writes."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


class ObservationError(ValueError):
    """Observations that cannot be used; the message names the file or the tensor."""


@dataclass(frozen=True)
class Observation:
    """One tensor over all images."""

    low: float
    high: float
    """Smallest and largest value seen."""
    limit: float
    """The histogram reaches from -limit to limit."""
    counts: np.ndarray
    """int64 [bins], equally wide."""
    channel_means: np.ndarray
    """float64 [C], of the tensor's second axis."""

    @property
    def edges(self) -> np.ndarray:
        """float64 [bins + 1]"""
        return np.linspace(-self.limit, self.limit, len(self.counts) + 1)

    @property
    def centres(self) -> np.ndarray:
        """float64 [bins]"""
        return (self.edges[1:] + self.edges[:-1]) / 2


@dataclass(frozen=True)
class Observations:
    """What was seen in a package."""

    images: int
    stages: dict[str, dict[str, Observation]]
    """By the role of the network's file, then by the tensor's name."""


def load_observations(path: Path) -> Observations:
    """Raises `ObservationError`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        stages = {
            stage: {name: _observation(name, entry) for name, entry in tensors.items()}
            for stage, tensors in document["stages"].items()
        }
        return Observations(document["images"], stages)
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise ObservationError(f"{path}: {error}") from error


def _observation(name: str, entry: dict) -> Observation:
    low, high = float(entry["min"]), float(entry["max"])
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise ObservationError(f"{name}: its values reach from {low} to {high}")
    counts = np.array(entry["counts"], np.int64)
    return Observation(low, high, float(entry["limit"]), counts, np.array(entry["channelMeans"], np.float64))
