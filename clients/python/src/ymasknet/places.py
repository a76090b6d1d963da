"""A bounded number of places, waited for by threads."""

from __future__ import annotations

import threading


class Places:
    """Places for frames on their way."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._is_closed = False
        self._changed = threading.Condition()

    def take(self) -> bool:
        """Waits for a place. False when the places are closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 or self._is_closed)
            if self._is_closed:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        """A place is free again."""
        with self._changed:
            self._free += 1
            self._changed.notify()

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
