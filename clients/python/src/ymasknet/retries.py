"""Trying again: which calls, how often, after how long."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import Callable, Optional

from ymasknet.errors import InspectionError


@dataclass(frozen=True)
class Retries:
    """How often a call is tried that failed with a status of `InspectionError.is_retryable`.

    The time between two tries doubles from the first to the longest, is never less than the server's RetryInfo says, and is
    drawn out by up to a half at random, so that callers that were refused together do not come back together. All tries
    share the call's timeout: one that could not begin within it is not waited for. Sessions are tried again only until they
    stand, boards only where their source can be read again.
    """

    attempts: int = 4
    """Tries in all. Range: at least 1; 1 is none but the first."""
    first_delay: float = 0.1
    """Unit: seconds. Range: >= 0."""
    longest_delay: float = 5.0
    """Unit: seconds. Range: at least `first_delay`."""

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts is {self.attempts}; it must be at least 1.")
        if not 0 <= self.first_delay <= self.longest_delay:
            raise ValueError(
                f"first_delay is {self.first_delay} and longest_delay {self.longest_delay}; they must be >= 0 and in this order."
            )


class Attempts:
    """The tries of one call."""

    def __init__(
        self,
        retries: Retries,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._retries = retries
        self._clock = clock
        self._draw = draw
        self._made = 0
        self._deadline = clock() + timeout

    def remaining(self) -> Optional[float]:
        """What is left of the call's timeout, in seconds; `None` where it has none."""
        return None if self._deadline == math.inf else self._deadline - self._clock()

    def delay_after(self, failure: InspectionError) -> Optional[float]:
        """How long to wait before the next try, in seconds; `None` where there is none."""
        self._made += 1
        if self._made >= self._retries.attempts or not failure.is_retryable:
            return None
        delay = min(self._retries.first_delay * 2 ** (self._made - 1), self._retries.longest_delay)
        delay = max(delay, failure.retry_delay or 0.0) * (1 + self._draw() / 2)
        return delay if self._clock() + delay < self._deadline else None
