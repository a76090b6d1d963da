"""How long a run lasts, and its learning rate."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """A run's length, in minutes or in steps: exactly one of them is given.

    Minutes: the run ends when it was told to, however busy the machine is. Steps: runs see equally many images, so that
    they can be compared.
    """

    minutes: float | None = None
    steps: int | None = None

    def __post_init__(self):
        if (self.minutes is None) == (self.steps is None):
            raise ValueError("a run's length is given in minutes or in steps, not both")

    def spent(self, step: int, seconds: float) -> float:
        """The part of the run that is over after `step` steps and `seconds` of training; 1 and more at its end."""
        return step / self.steps if self.steps is not None else seconds / (60 * self.minutes)

    def minutes_left(self, step: int, seconds: float) -> float:
        """What is still to come, at the pace so far."""
        if self.minutes is not None:
            return max(0.0, self.minutes - seconds / 60)
        return max(0, self.steps - step) * seconds / 60 / max(step, 1)


def learning_rate_factor(fraction: float, step: int, warmup_steps: int, final_factor: float) -> float:
    """Linear warm-up by steps, then a cosine over the fraction (0..1) of the run's budget down to `final_factor`."""
    warmup = min(1.0, (step + 1) / warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * min(fraction, 1.0)))
    return warmup * (final_factor + (1 - final_factor) * cosine)
