"""A bounded number of places, waited for by tasks."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Deque


class AsyncPlaces:
    """Places for frames on their way."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._is_closed = False
        self._waiting: Deque[asyncio.Future[None]] = deque()

    async def take(self) -> bool:
        """Waits for a place. False when the places are closed."""
        while self._free == 0 and not self._is_closed:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.cancelled():
                    self._waiting.remove(turn)
                else:
                    # This one's turn goes to the next.
                    self._wake_one()
                raise
        if self._is_closed:
            return False
        self._free -= 1
        return True

    def give_back(self) -> None:
        """A place is free again."""
        self._free += 1
        self._wake_one()

    def close(self) -> None:
        """Nobody waits any more."""
        self._is_closed = True
        while self._waiting:
            self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
