"""Tests that are coroutines, all on one event loop: gRPC's own machinery stays on the first loop that it meets."""

import asyncio
import contextlib
import functools
import inspect
import threading
import unittest
from typing import Any, AsyncContextManager, Coroutine, TypeVar

_Result = TypeVar("_Result")

_PATIENCE_SECONDS = 120

_loop = asyncio.new_event_loop()
threading.Thread(target=_loop.run_forever, name="event loop of the tests", daemon=True).start()


def run(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """Runs a coroutine on the tests' event loop, and waits for it."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop).result(_PATIENCE_SECONDS)


class AsyncTestCase(unittest.TestCase):
    """Its tests may be coroutines."""

    def __init_subclass__(cls) -> None:
        for name, test in list(vars(cls).items()):
            if name.startswith("test") and inspect.iscoroutinefunction(test):
                setattr(cls, name, _on_loop(test))

    async def enter(self, manager: AsyncContextManager[_Result]) -> _Result:
        """Enters a context that is left after the test, on the event loop."""
        return await self._contexts.enter_async_context(manager)


def _on_loop(test):
    @functools.wraps(test)
    def wrapper(self):
        async def call():
            async with contextlib.AsyncExitStack() as self._contexts:
                await test(self)

        run(call())

    return wrapper
