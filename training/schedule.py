"""The learning rate."""

import math


def learning_rate_factor(fraction: float, step: int, warmup_steps: int, final_factor: float) -> float:
    """Linear warm-up by steps, then a cosine over the fraction (0..1) of the run's time down to `final_factor`.

    Time instead of steps: the run ends when it was told to, however busy the machine is.
    """
    warmup = min(1.0, (step + 1) / warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * min(fraction, 1.0)))
    return warmup * (final_factor + (1 - final_factor) * cosine)
